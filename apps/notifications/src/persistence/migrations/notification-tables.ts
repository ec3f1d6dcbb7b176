import type { MigrationInterface, QueryRunner } from 'typeorm';

export class NotificationTables1760000010000 implements MigrationInterface {
  name = 'NotificationTables1760000010000';

  async up(runner: QueryRunner): Promise<void> {
    // due_at is the database's time, and moves on while a replica holds the mail: see DeliveryRepository.claim.
    await runner.query(`
      CREATE TABLE delivery (
        id uuid PRIMARY KEY,
        desk_id text NOT NULL,
        event_id uuid NOT NULL,
        rule_id text NOT NULL,
        ticket_id uuid,
        template text NOT NULL,
        sender_name text NOT NULL,
        sender text NOT NULL,
        recipient_name text NOT NULL,
        recipient text NOT NULL,
        subject text NOT NULL,
        body text NOT NULL,
        language text NOT NULL,
        message_id text NOT NULL,
        thread_id text,
        state text NOT NULL DEFAULT 'pending',
        attempts integer NOT NULL DEFAULT 0,
        last_error text NOT NULL DEFAULT '',
        created_at timestamptz NOT NULL,
        sent_at timestamptz,
        due_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (event_id, rule_id, recipient)
      )`);
    await runner.query(`CREATE INDEX delivery_due ON delivery (due_at) WHERE state = 'pending'`);
    await runner.query('CREATE INDEX delivery_desk ON delivery (desk_id, id DESC)');
    await runner.query('CREATE INDEX delivery_ticket ON delivery (ticket_id, id DESC) WHERE ticket_id IS NOT NULL');
    await this.createNotices(runner);
    await this.createCopies(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mail_address, account, organisation, ticket, notice, delivery');
  }

  private async createNotices(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE notice (
        id uuid PRIMARY KEY,
        desk_id text NOT NULL,
        kind text NOT NULL,
        title text NOT NULL,
        body text NOT NULL,
        starts_at timestamptz NOT NULL,
        ended_at timestamptz,
        sequence integer NOT NULL
      )`);
    await runner.query('CREATE INDEX notice_desk ON notice (desk_id, id DESC)');
    await runner.query('CREATE INDEX notice_active ON notice (desk_id, id DESC) WHERE ended_at IS NULL');
    await runner.query(`
      CREATE TABLE mail_address (
        desk_id text NOT NULL,
        account_id text NOT NULL,
        kind text NOT NULL,
        email text NOT NULL,
        PRIMARY KEY (desk_id, account_id, kind)
      )`);
  }

  /** What other services publish, as far as mails need it. */
  private async createCopies(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ticket (
        id uuid PRIMARY KEY,
        desk_id text NOT NULL,
        number text NOT NULL,
        subject text NOT NULL,
        language text NOT NULL,
        organisation_id text NOT NULL,
        requester_account_id text NOT NULL,
        requester_name text NOT NULL,
        requester_email text NOT NULL,
        status text NOT NULL,
        imported boolean NOT NULL,
        traits jsonb NOT NULL,
        sequence integer NOT NULL,
        last_customer_sequence integer NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE account (
        id text PRIMARY KEY,
        desk_id text NOT NULL,
        organisation_id text NOT NULL,
        name text NOT NULL,
        email text NOT NULL,
        roles text[] NOT NULL,
        language text NOT NULL,
        active boolean NOT NULL,
        sequence integer NOT NULL
      )`);
    await runner.query('CREATE INDEX account_organisation ON account (desk_id, organisation_id) WHERE active');
    await runner.query(`
      CREATE TABLE organisation (
        id text PRIMARY KEY,
        desk_id text NOT NULL,
        package_id text NOT NULL,
        sequence integer NOT NULL
      )`);
  }
}

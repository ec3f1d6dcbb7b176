import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TicketTables1760000010000 implements MigrationInterface {
  name = 'TicketTables1760000010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ticket (
        id uuid PRIMARY KEY,
        desk_id text NOT NULL,
        number bigint NOT NULL,
        organisation_id uuid,
        package_id text,
        requester_account_id text,
        requester_name text NOT NULL,
        requester_email text NOT NULL,
        subject text NOT NULL,
        type text NOT NULL,
        department text,
        priority text,
        channel text NOT NULL,
        lane text NOT NULL,
        status text NOT NULL,
        status_kind text NOT NULL,
        assignee_account_id text,
        assignee_name text,
        assignee_email text,
        opened_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        solved_at timestamptz,
        due_at timestamptz,
        sequence integer NOT NULL,
        last_customer_sequence integer NOT NULL,
        fields jsonb NOT NULL,
        language text NOT NULL,
        external_reference text,
        imported boolean NOT NULL,
        waiting boolean NOT NULL,
        queue_key text COLLATE "C" NOT NULL,
        UNIQUE (desk_id, number)
      )`);
    // The queue: the head is the first entry of a desk, and a rank is a range.
    await runner.query('CREATE INDEX ticket_queue ON ticket (desk_id, queue_key, id) WHERE waiting');
    await runner.query(`
      CREATE UNIQUE INDEX ticket_external_reference ON ticket (desk_id, external_reference)
      WHERE external_reference IS NOT NULL`);
    await runner.query('CREATE INDEX ticket_requester ON ticket (desk_id, requester_account_id, id DESC)');
    await runner.query('CREATE INDEX ticket_organisation ON ticket (desk_id, organisation_id, id DESC)');
    await runner.query(`
      CREATE TABLE message (
        id uuid PRIMARY KEY,
        ticket_id uuid NOT NULL REFERENCES ticket (id),
        desk_id text NOT NULL,
        author_kind text NOT NULL,
        author_account_id text,
        author_name text NOT NULL,
        author_email text NOT NULL,
        internal boolean NOT NULL,
        automatic boolean NOT NULL,
        body text NOT NULL,
        sent_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX message_ticket ON message (ticket_id, sent_at, id)');
    // Numbers are taken in blocks: see TicketNumbers.
    await runner.query('CREATE TABLE ticket_counter (desk_id text PRIMARY KEY, next bigint NOT NULL)');
    await runner.query(`
      CREATE TABLE organisation (
        id uuid PRIMARY KEY,
        desk_id text NOT NULL,
        name text NOT NULL,
        package_id text,
        sequence integer NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE organisation, ticket_counter, message, ticket');
  }
}

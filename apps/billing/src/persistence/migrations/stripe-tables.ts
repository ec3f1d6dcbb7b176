import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What Stripe is to be asked, and what it told us. The times of attempts are the wall clock's. */
export class StripeTables1760000041000 implements MigrationInterface {
  name = 'StripeTables1760000041000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE stripe_operation (
        id uuid PRIMARY KEY,
        purchase_id uuid NOT NULL REFERENCES purchase (id),
        kind text NOT NULL CHECK (kind IN ('create', 'cancel', 'capture', 'refund')),
        state text NOT NULL CHECK (state IN ('pending', 'done', 'refused', 'dropped')),
        after_id uuid REFERENCES stripe_operation (id),
        attempts integer NOT NULL DEFAULT 0,
        attempted_at timestamptz,
        due_at timestamptz NOT NULL,
        leased_until timestamptz,
        error text,
        decided_at timestamptz NOT NULL,
        ended_at timestamptz
      )`);
    await runner.query(`CREATE INDEX stripe_operation_due ON stripe_operation (due_at) WHERE state = 'pending'`);
    await runner.query('CREATE INDEX stripe_operation_purchase ON stripe_operation (purchase_id, id)');
    await runner.query(`
      CREATE TABLE stripe_event (
        id text PRIMARY KEY,
        type text NOT NULL,
        intent_id text,
        payload jsonb NOT NULL,
        state text NOT NULL CHECK (state IN ('pending', 'done', 'ignored')),
        attempts integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL,
        error text,
        received_at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX stripe_event_due ON stripe_event (due_at) WHERE state = 'pending'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE stripe_event, stripe_operation');
  }
}

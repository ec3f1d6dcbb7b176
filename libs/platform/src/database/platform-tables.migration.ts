import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables that every service has: answered requests and the audit trail. */
export class PlatformTables1760000000000 implements MigrationInterface {
  name = 'PlatformTables1760000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE idempotency (
        desk_id text NOT NULL,
        account_id text NOT NULL,
        request_id text NOT NULL,
        operation text NOT NULL,
        fingerprint bytea NOT NULL,
        answer bytea NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (desk_id, account_id, request_id)
      )`);
    await runner.query('CREATE INDEX idempotency_created_at ON idempotency USING brin (created_at)');
    await runner.query(`
      CREATE TABLE audit (
        id uuid PRIMARY KEY,
        desk_id text NOT NULL,
        account_id text NOT NULL,
        action text NOT NULL,
        subject_id uuid NOT NULL,
        details jsonb NOT NULL,
        occurred_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX audit_subject ON audit (subject_id, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit, idempotency');
  }
}

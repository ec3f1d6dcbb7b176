import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may open tickets (PKG-3), and which tickets have a call-back on hold (OFC-8). */
export class AccountTables1760000012000 implements MigrationInterface {
  name = 'AccountTables1760000012000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE account (
        id uuid PRIMARY KEY,
        desk_id text NOT NULL,
        organisation_id uuid,
        active boolean NOT NULL,
        sequence integer NOT NULL
      )`);
    await runner.query('ALTER TABLE ticket ADD COLUMN live_call_back uuid');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE ticket DROP COLUMN live_call_back');
    await runner.query('DROP TABLE account');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class DeskTables1760000002000 implements MigrationInterface {
  name = 'DeskTables1760000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE desk_version (
        desk_id text NOT NULL,
        version integer NOT NULL,
        document jsonb NOT NULL,
        applied_at timestamptz NOT NULL,
        PRIMARY KEY (desk_id, version)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE desk_version');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TestRowTables1760000099000 implements MigrationInterface {
  name = 'TestRowTables1760000099000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE parcel (id text PRIMARY KEY, weight integer NOT NULL CHECK (weight > 0),
      position bigint GENERATED ALWAYS AS IDENTITY)`);
    await runner.query(`CREATE TABLE scan (parcel_id text PRIMARY KEY REFERENCES parcel (id), place text NOT NULL,
      position bigint GENERATED ALWAYS AS IDENTITY)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE scan, parcel');
  }
}

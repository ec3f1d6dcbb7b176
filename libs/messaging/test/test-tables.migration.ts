import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Aggregates that count their events, and what a consumer makes of them. */
export class TestTables1760000009000 implements MigrationInterface {
  name = 'TestTables1760000009000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE aggregates (id uuid PRIMARY KEY, sequence integer NOT NULL DEFAULT 0)');
    await runner.query(`
      CREATE TABLE effects (
        place bigint GENERATED ALWAYS AS IDENTITY,
        event_id uuid NOT NULL,
        aggregate_id uuid NOT NULL,
        sequence integer NOT NULL,
        process integer NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE aggregates, effects');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Years of public holidays that a calendar version got after it was written. */
export class CalendarYears1760000021000 implements MigrationInterface {
  name = 'CalendarYears1760000021000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE calendar_version ADD COLUMN covers_from integer');
    // Without public holidays every year is covered.
    await runner.query(`
      UPDATE calendar_version SET covers_from = CASE WHEN spec ? 'holidays'
        THEN extract(year FROM valid_from AT TIME ZONE 'UTC')::integer - 2 ELSE 0 END`);
    await runner.query('ALTER TABLE calendar_version ALTER COLUMN covers_from SET NOT NULL');
    await runner.query(`
      CREATE TABLE calendar_years (
        desk_id text NOT NULL,
        calendar_id text NOT NULL,
        version integer NOT NULL,
        first_year integer NOT NULL,
        last_year integer NOT NULL,
        exceptions jsonb NOT NULL,
        holidays jsonb NOT NULL,
        holiday_source text NOT NULL,
        added_at timestamptz NOT NULL,
        PRIMARY KEY (desk_id, calendar_id, version, first_year)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE calendar_years');
    await runner.query('ALTER TABLE calendar_version DROP COLUMN covers_from');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { LANES } from './outbox/lanes.js';

/** Outbox and event log, inbox, dead letters. */
export class MessagingTables1760000001000 implements MigrationInterface {
  name = 'MessagingTables1760000001000';

  async up(runner: QueryRunner): Promise<void> {
    await this.createOutbox(runner);
    await this.createRelayState(runner);
    await this.createInbox(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE dead_letters, inbox, outbox_failures, outbox_lanes, outbox_head, outbox');
  }

  /** Rows stay after publishing, as the log that `WatchEvents` reads; an insert pays for the key and one small index. */
  private async createOutbox(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox (
        ordinal bigint GENERATED ALWAYS AS IDENTITY,
        position bigint,
        occurred_at timestamptz NOT NULL,
        id uuid NOT NULL,
        aggregate_id uuid NOT NULL,
        sequence integer NOT NULL,
        lane smallint NOT NULL,
        desk_id text NOT NULL,
        type text NOT NULL,
        causation_id text,
        trace_id text,
        data json NOT NULL,
        PRIMARY KEY (aggregate_id, sequence)
      )`);
    await runner.query('CREATE INDEX outbox_unplaced ON outbox (ordinal) WHERE position IS NULL');
    await runner.query('CREATE INDEX outbox_lane ON outbox (lane, position) WHERE position IS NOT NULL');
    await runner.query('CREATE INDEX outbox_desk ON outbox (desk_id, position) WHERE position IS NOT NULL');
    // Every row is updated once, so the default of a fifth of the table would leave months of dead rows in the index.
    await runner.query(
      'ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000)',
    );
  }

  private async createRelayState(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox_head (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        position bigint NOT NULL,
        swept_to bigint NOT NULL
      )`);
    await runner.query('INSERT INTO outbox_head (position, swept_to) VALUES (0, 0)');
    await runner.query('CREATE TABLE outbox_lanes (lane smallint PRIMARY KEY, position bigint NOT NULL)');
    await runner.query(`INSERT INTO outbox_lanes SELECT lane, 0 FROM generate_series(0, ${LANES - 1}) AS lane`);
    await runner.query(`
      CREATE TABLE outbox_failures (
        aggregate_id uuid NOT NULL,
        sequence integer NOT NULL,
        lane smallint NOT NULL,
        attempts integer NOT NULL,
        retry_at timestamptz NOT NULL,
        error text NOT NULL,
        abandoned_at timestamptz,
        PRIMARY KEY (aggregate_id, sequence)
      )`);
  }

  private async createInbox(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE inbox (
        consumer_group text NOT NULL,
        event_id uuid NOT NULL,
        handled_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer_group, event_id)
      )`);
    await runner.query('CREATE INDEX inbox_handled_at ON inbox USING brin (handled_at)');
    await runner.query(`
      CREATE TABLE dead_letters (
        consumer_group text NOT NULL,
        event_id uuid NOT NULL,
        topic text NOT NULL,
        type text NOT NULL,
        aggregate_id text NOT NULL,
        headers jsonb NOT NULL,
        value text NOT NULL,
        error text NOT NULL,
        attempts integer NOT NULL,
        failed_at timestamptz NOT NULL,
        replayed_at timestamptz,
        PRIMARY KEY (consumer_group, event_id)
      )`);
    await runner.query('CREATE INDEX dead_letters_waiting ON dead_letters (failed_at) WHERE replayed_at IS NULL');
  }
}

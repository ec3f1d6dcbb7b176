import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tickets of which an event has not arrived although a later one has: their clocks stand still until it comes. */
export class WaitingTickets1760000022000 implements MigrationInterface {
  name = 'WaitingTickets1760000022000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE waiting_ticket (
        ticket_id uuid PRIMARY KEY,
        desk_id text NOT NULL,
        missing_sequence integer NOT NULL,
        since timestamptz NOT NULL,
        warned_at timestamptz
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE waiting_ticket');
  }
}

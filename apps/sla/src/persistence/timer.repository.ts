import { Injectable } from '@nestjs/common';
import { fromEpochSeconds } from '#kernel/business-time/dates.js';
import type { NewEvent } from '#messaging/event.js';
import { appendEvents } from '#messaging/outbox/append-event.js';
import { RowsStatement } from '#platform/database/rows-statement.js';
import type { Transaction } from '#platform/database/transaction.js';
import type { Instant, Target } from '../domain/clock.js';
import type { RunningClock } from '../domain/fire-timer.js';
import { type BreachRow, INSERT_BREACHES } from './breach-rows.js';
import { type FiredClock, UPDATE_FIRED_CLOCKS } from './clock-rows.js';
import type { LockedTicket, TimerRow } from './ticket-clocks.repository.js';

/** A timer taken out to be fired, with its ticket (locked) and, unless it is a lifecycle step, its clock. */
export interface DueTimer extends TimerRow {
  readonly ticket: LockedTicket;
  readonly clock?: RunningClock;
}

export interface DueRange {
  /** None that were due before are looked for. */
  readonly from: Date;
  readonly before: Date;
  readonly limit: number;
}

export interface DueTickets {
  readonly byId: ReadonlyMap<string, LockedTicket>;
  /** When the last of the timers found was due; absent where the range holds no more than these. */
  readonly reached?: Date;
}

export interface FiredStep {
  readonly ticketId: string;
  readonly ruleId: string;
  readonly step: number;
  readonly anchorSequence: number;
  readonly dueAt: Instant;
  readonly firedAt: Date;
}

/** What a batch of timers does. */
export class Firing {
  readonly clocks = new Map<string, FiredClock>();
  readonly sequences = new Map<string, number>();
  readonly breaches: BreachRow[] = [];
  readonly steps: FiredStep[] = [];
  readonly events: NewEvent[] = [];
}

@Injectable()
export class TimerRepository {
  /**
   * Locks tickets that have due timers, the longest due first, and passes over those that another replica or an event is
   * just working on: their turn comes. Nobody waits here, so nobody can block anybody.
   */
  async lockDue(tx: Transaction, { from, before, limit }: DueRange): Promise<DueTickets> {
    // Planned once. To plan for given instants PostgreSQL looks up the earliest timer, through all that have just fired.
    tx.execute('SET LOCAL plan_cache_mode = force_generic_plan');
    const rows = await tx.query<LockedTicket & { dueAt: Instant }>(
      `SELECT s.ticket_id AS "ticketId", s.desk_id AS "deskId", s.number, s.revision, s.event_sequence AS "eventSequence",
         extract(epoch FROM m.due_at)::float8 AS "dueAt"
       FROM timer m JOIN sla_ticket s ON s.ticket_id = m.ticket_id
       WHERE m.due_at >= $1 AND m.due_at < $2 ORDER BY m.due_at LIMIT $3 FOR UPDATE OF s SKIP LOCKED`,
      [from, before, limit],
    );
    const byId = new Map(rows.map((row) => [row.ticketId, row]));
    return { byId, reached: rows.length < limit ? undefined : fromEpochSeconds(rows.at(-1)!.dueAt) };
  }

  /**
   * Takes out every due timer of locked tickets, in due order. A statement of its own, after the locks: it sees what
   * those who held them before have committed.
   */
  async take(tx: Transaction, tickets: ReadonlyMap<string, LockedTicket>, before: Date): Promise<DueTimer[]> {
    const rows = await tx.query<TakenRow>(
      `WITH due AS (
         DELETE FROM timer WHERE ticket_id = ANY ($1::uuid[]) AND due_at < $2 RETURNING *
       )
       SELECT due.ticket_id AS "ticketId", due.kind, due.name, due.number, due.key,
         extract(epoch FROM due.due_at)::float8 AS "dueAt",
         due.move_to AS "moveTo", due.notify, c.state, extract(epoch FROM c.due_at)::float8 AS "clockDueAt", c.breaches, c.warnings
       FROM due LEFT JOIN clock c ON due.kind <> 'lifecycle' AND c.ticket_id = due.ticket_id AND c.target = due.name
         AND c.cycle = due.number
       ORDER BY due.due_at, due.kind DESC`,
      [[...tickets.keys()], before],
    );
    return rows.map((row) => ({
      kind: row.kind,
      name: row.name,
      number: row.number,
      key: row.key,
      dueAt: row.dueAt,
      moveTo: row.moveTo,
      notify: row.notify,
      ticket: tickets.get(row.ticketId)!,
      clock: row.state ? clockOf(row, row.state) : undefined,
    }));
  }

  save(tx: Transaction, firing: Firing): void {
    tx.executeAll(UPDATE_FIRED_CLOCKS, [...firing.clocks.values()]);
    tx.executeAll(INSERT_BREACHES, firing.breaches);
    tx.executeAll(INSERT_STEPS, firing.steps);
    tx.executeAll(UPDATE_SEQUENCES, [...firing.sequences].map(([ticketId, sequence]) => ({ ticketId, sequence })));
    appendEvents(tx, firing.events);
  }
}

interface TakenRow extends TimerRow, Pick<RunningClock, 'breaches' | 'warnings'> {
  readonly ticketId: string;
  /** Of the clock, null where there is none. */
  readonly state: RunningClock['state'] | null;
  readonly clockDueAt: Instant | null;
}

function clockOf(row: TakenRow, state: RunningClock['state']): RunningClock {
  return {
    target: row.name as Target,
    cycle: row.number,
    state,
    dueAt: row.clockDueAt ?? undefined,
    breaches: row.breaches,
    warnings: row.warnings,
  };
}

const INSERT_STEPS = new RowsStatement<FiredStep>(
  { ticketId: 'uuid', ruleId: 'text', step: 'integer', anchorSequence: 'bigint', dueAt: 'bigint', firedAt: 'timestamptz' },
  (rows) => `
    INSERT INTO lifecycle_fired (ticket_id, rule_id, step, anchor_sequence, due_at, fired_at)
    SELECT "ticketId", "ruleId", step, "anchorSequence", to_timestamp("dueAt"), "firedAt"
    FROM ${rows}`,
);

const UPDATE_SEQUENCES = new RowsStatement<{ readonly ticketId: string; readonly sequence: number }>(
  { ticketId: 'uuid', sequence: 'integer' },
  (rows) => `
    UPDATE sla_ticket SET event_sequence = row.sequence
    FROM ${rows}
    WHERE sla_ticket.ticket_id = row."ticketId"`,
);

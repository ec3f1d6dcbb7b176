import { Injectable } from '@nestjs/common';
import type { NewEvent } from '#messaging/event.js';
import type { Transaction } from '#platform/database/transaction.js';
import type { Instant } from '../domain/clock.js';
import type { RunningClock } from '../domain/fire-timer.js';
import { appendEvents } from './append-events.js';
import { type BreachRow, INSERT_BREACHES } from './breach-rows.js';
import { RUNNING_CLOCK_JSON, seconds, UPDATE_FIRED_CLOCKS } from './clock-rows.js';
import type { LockedTicket, TimerRow } from './ticket-clocks.repository.js';

/** A timer taken out to be fired, with its ticket (locked) and, unless it is a lifecycle step, its clock. */
export interface DueTimer extends TimerRow {
  readonly ticket: LockedTicket;
  readonly clock?: RunningClock;
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
  readonly clocks = new Map<string, RunningClock & { readonly ticketId: string }>();
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
  async lockDue(tx: Transaction, now: Date, limit: number): Promise<string[]> {
    const rows = await tx.query<{ ticketId: string }>(
      `SELECT s.ticket_id AS "ticketId" FROM timer m JOIN sla_ticket s ON s.ticket_id = m.ticket_id
       WHERE m.due_at < $1 ORDER BY m.due_at LIMIT $2 FOR UPDATE OF s SKIP LOCKED`,
      [now, limit],
    );
    return [...new Set(rows.map(({ ticketId }) => ticketId))];
  }

  /**
   * Takes out every due timer of locked tickets, in due order. A statement of its own, after the locks: it sees what
   * those who held them before have committed.
   */
  async take(tx: Transaction, ticketIds: readonly string[], now: Date): Promise<DueTimer[]> {
    return tx.query<DueTimer>(
      `WITH due AS (
         DELETE FROM timer WHERE ticket_id = ANY ($1::uuid[]) AND due_at < $2 RETURNING *
       )
       SELECT due.kind, due.name, due.number, due.key, ${seconds('due.due_at')}::integer AS "dueAt",
         due.move_to AS "moveTo", due.notify,
         json_build_object('ticketId', s.ticket_id, 'deskId', s.desk_id, 'number', s.number, 'revision', s.revision,
           'eventSequence', s.event_sequence) AS ticket,
         CASE WHEN c.ticket_id IS NULL THEN NULL ELSE ${RUNNING_CLOCK_JSON} END AS clock
       FROM due JOIN sla_ticket s ON s.ticket_id = due.ticket_id
       LEFT JOIN clock c ON due.kind <> 'lifecycle' AND c.ticket_id = due.ticket_id AND c.target = due.name
         AND c.cycle = due.number
       ORDER BY due.due_at, due.kind DESC`,
      [ticketIds, now],
    );
  }

  save(tx: Transaction, firing: Firing): void {
    const write = (text: string, rows: readonly object[]): void => {
      if (rows.length > 0) tx.execute(text, [JSON.stringify(rows)]);
    };
    write(UPDATE_FIRED_CLOCKS, [...firing.clocks.values()]);
    write(INSERT_BREACHES, firing.breaches);
    write(INSERT_STEPS, firing.steps);
    write(UPDATE_SEQUENCES, [...firing.sequences].map(([ticketId, sequence]) => ({ ticketId, sequence })));
    appendEvents(tx, firing.events);
  }
}

const INSERT_STEPS = `
  INSERT INTO lifecycle_fired (ticket_id, rule_id, step, anchor_sequence, due_at, fired_at)
  SELECT "ticketId", "ruleId", step, "anchorSequence", to_timestamp("dueAt"), "firedAt"
  FROM json_to_recordset($1::json) AS row ("ticketId" uuid, "ruleId" text, step integer, "anchorSequence" bigint,
    "dueAt" bigint, "firedAt" timestamptz)`;

const UPDATE_SEQUENCES = `
  UPDATE sla_ticket SET event_sequence = row.sequence
  FROM json_to_recordset($1::json) AS row ("ticketId" uuid, sequence integer)
  WHERE sla_ticket.ticket_id = row."ticketId"`;

import { Injectable } from '@nestjs/common';
import type { NewEvent } from '#messaging/event.js';
import { appendEvents } from '#messaging/outbox/append-event.js';
import { RowsStatement } from '#platform/database/rows-statement.js';
import type { Transaction } from '#platform/database/transaction.js';
import type { Clock, Instant } from '../domain/clock.js';
import type { Fact } from '../domain/facts.js';
import { type BreachRow, INSERT_BREACHES, REVOKE_BREACHES, type RevokedBreach } from './breach-rows.js';
import { CLOCK_JSON, type ClockOfTicket, seconds, UPSERT_CLOCKS } from './clock-rows.js';
import type { Read } from './rules.repository.js';

/** A ticket whose row this transaction has locked. */
export interface LockedTicket {
  readonly ticketId: string;
  readonly deskId: string;
  readonly number: string;
  /** Of the desk's rules its clocks were computed with; 0 before any. */
  readonly revision: number;
  /** Of the last event published about it. */
  readonly eventSequence: number;
}

/** For a clock `name` is the target and `number` the cycle, for a lifecycle step the rule, the step and its anchor. */
export interface TimerRow {
  readonly kind: 'warn' | 'breach' | 'lifecycle';
  readonly name: string;
  readonly number: number;
  readonly key: string;
  readonly dueAt: Instant;
  readonly moveTo?: string;
  readonly notify?: string;
}

/** All that is recorded of a ticket. */
export interface Recorded {
  readonly facts: readonly Fact[];
  readonly clocks: readonly Clock[];
  readonly timers: readonly TimerRow[];
  /** Lifecycle steps that have fired, as `rule/step/anchor`. */
  readonly fired: readonly string[];
  /** The event it was waiting for when it was last looked at. */
  readonly waitsFor: number | null;
}

export interface TicketUpdate {
  readonly ticketId: string;
  readonly revision: number;
  readonly live: boolean;
  readonly eventSequence: number;
  readonly isOpen: boolean;
  readonly packageId?: string;
  readonly priority?: string;
  readonly lane?: string;
  readonly openedAt?: Instant;
  readonly repliedAt?: Instant;
}

type TimerOfTicket = TimerRow & { readonly ticketId: string };

/** What computing some tickets anew changes. */
export class Changes {
  readonly tickets: TicketUpdate[] = [];
  readonly clocks: ClockOfTicket[] = [];
  readonly timersGone: TimerOfTicket[] = [];
  readonly timersSet: TimerOfTicket[] = [];
  readonly breaches: BreachRow[] = [];
  readonly revoked: RevokedBreach[] = [];
  readonly events: NewEvent[] = [];
}

const LOCKED = `ticket_id AS "ticketId", desk_id AS "deskId", number, revision, event_sequence AS "eventSequence"`;

/** Tickets, what is known of them, and their clocks; each statement for many tickets at once. */
@Injectable()
export class TicketClocksRepository {
  async lock(tx: Transaction, ticketId: string): Promise<LockedTicket[]> {
    return tx.query<LockedTicket>(`SELECT ${LOCKED} FROM sla_ticket WHERE ticket_id = $1 FOR UPDATE`, [ticketId]);
  }

  /** Some tickets of the desk that were computed with older rules and still have something to come. */
  async lockStale(tx: Transaction, deskId: string, revision: number, limit: number): Promise<LockedTicket[]> {
    return tx.query<LockedTicket>(
      `SELECT ${LOCKED} FROM sla_ticket WHERE desk_id = $1 AND revision < $2 AND live
       ORDER BY revision LIMIT $3 FOR UPDATE SKIP LOCKED`,
      [deskId, revision, limit],
    );
  }

  async load(read: Read, ticketIds: readonly string[]): Promise<ReadonlyMap<string, Recorded>> {
    const rows = await read<Recorded & { ticketId: string }>(LOAD, [ticketIds]);
    return new Map(rows.map(({ ticketId, ...recorded }) => [ticketId, recorded]));
  }

  save(tx: Transaction, changes: Changes): void {
    tx.executeAll(UPDATE_TICKETS, changes.tickets);
    tx.executeAll(UPSERT_CLOCKS, changes.clocks);
    tx.executeAll(DELETE_TIMERS, changes.timersGone);
    tx.executeAll(UPSERT_TIMERS, changes.timersSet);
    tx.executeAll(INSERT_BREACHES, changes.breaches);
    tx.executeAll(REVOKE_BREACHES, changes.revoked);
    appendEvents(tx, changes.events);
  }
}

/** One statement, so that what it reads belongs together outside of a transaction, too. */
const LOAD = `
  SELECT t.ticket_id AS "ticketId",
    coalesce((SELECT json_agg(f.data ORDER BY f.sequence) FROM ticket_fact f WHERE f.ticket_id = t.ticket_id), '[]') AS facts,
    coalesce((SELECT json_agg(${CLOCK_JSON}) FROM clock c WHERE c.ticket_id = t.ticket_id), '[]') AS clocks,
    coalesce((SELECT json_agg(json_strip_nulls(json_build_object('kind', m.kind, 'name', m.name, 'number', m.number,
        'key', m.key, 'dueAt', ${seconds('m.due_at')}, 'moveTo', m.move_to, 'notify', m.notify)))
      FROM timer m WHERE m.ticket_id = t.ticket_id), '[]') AS timers,
    coalesce((SELECT json_agg(l.rule_id || '/' || l.step || '/' || l.anchor_sequence)
      FROM lifecycle_fired l WHERE l.ticket_id = t.ticket_id), '[]') AS fired,
    (SELECT w.missing_sequence FROM waiting_ticket w WHERE w.ticket_id = t.ticket_id) AS "waitsFor"
  FROM unnest($1::uuid[]) AS t (ticket_id)`;

const UPDATE_TICKETS = new RowsStatement<TicketUpdate>(
  {
    ticketId: 'uuid',
    revision: 'integer',
    live: 'boolean',
    eventSequence: 'integer',
    isOpen: 'boolean',
    packageId: 'text',
    priority: 'text',
    lane: 'text',
    openedAt: 'bigint',
    repliedAt: 'bigint',
  },
  (rows) => `
    UPDATE sla_ticket SET revision = row.revision, live = row.live, event_sequence = row."eventSequence",
      is_open = row."isOpen", package_id = row."packageId", priority = row.priority, lane = row.lane,
      opened_at = to_timestamp(row."openedAt"), replied_at = to_timestamp(row."repliedAt")
    FROM ${rows}
    WHERE sla_ticket.ticket_id = row."ticketId"`,
);

const DELETE_TIMERS = new RowsStatement<TimerOfTicket>(
  { ticketId: 'uuid', kind: 'text', name: 'text', number: 'integer', key: 'text' },
  (rows) => `
    DELETE FROM timer
    USING ${rows}
    WHERE timer.ticket_id = row."ticketId" AND timer.kind = row.kind AND timer.name = row.name
      AND timer.number = row.number AND timer.key = row.key`,
);

const UPSERT_TIMERS = new RowsStatement<TimerOfTicket>(
  {
    ticketId: 'uuid',
    kind: 'text',
    name: 'text',
    number: 'integer',
    key: 'text',
    dueAt: 'bigint',
    moveTo: 'text',
    notify: 'text',
  },
  (rows) => `
    INSERT INTO timer (ticket_id, kind, name, number, key, due_at, move_to, notify)
    SELECT "ticketId", kind, name, number, key, to_timestamp("dueAt"), "moveTo", notify
    FROM ${rows}
    ON CONFLICT (ticket_id, kind, name, number, key) DO UPDATE SET
      due_at = EXCLUDED.due_at, move_to = EXCLUDED.move_to, notify = EXCLUDED.notify`,
);

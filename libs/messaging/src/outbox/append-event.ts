import { newId } from '#kernel/ids.js';
import { currentContext } from '#platform/context.js';
import { RowsStatement } from '#platform/database/rows-statement.js';
import type { Transaction } from '#platform/database/transaction.js';
import type { NewEvent } from '../event.js';
import { laneOf } from './lanes.js';
import { OutboxRecord } from './outbox.entity.js';
import { appended } from './wake-up.js';

/**
 * Appends the event to the outbox: it is published if, and only if, the transaction commits. Answers the event's id.
 * The caller holds the aggregate's row locked and counts its `sequence`; a sequence used twice fails the commit.
 *
 * Nothing is notified inside the transaction: PostgreSQL lets transactions that NOTIFY commit only one after the other.
 */
export function appendEvent(tx: Transaction, event: NewEvent): string {
  const row = outboxRow(event);
  tx.insert(OutboxRecord, row);
  tx.onCommitted(appended);
  return row.id;
}

/** As `appendEvent`, for hundreds of events in one statement; those of one aggregate in the order of their sequence. */
export function appendEvents(tx: Transaction, events: readonly NewEvent[]): void {
  if (events.length === 0) return;
  tx.executeAll(APPEND, events.map(outboxRow));
  tx.onCommitted(appended);
}

function outboxRow(event: NewEvent): OutboxRecord {
  return {
    aggregateId: event.aggregateId,
    sequence: event.sequence,
    id: newId(),
    lane: laneOf(event.aggregateId),
    deskId: event.deskId,
    type: event.type,
    occurredAt: event.occurredAt,
    causationId: event.causationId ?? null,
    traceId: event.traceId ?? currentContext()?.traceId ?? null,
    data: event.data,
  };
}

const APPEND = new RowsStatement<OutboxRecord>(
  {
    aggregateId: 'uuid',
    sequence: 'integer',
    id: 'uuid',
    lane: 'smallint',
    deskId: 'text',
    type: 'text',
    occurredAt: 'timestamptz',
    causationId: 'text',
    traceId: 'text',
    data: 'json',
  },
  (rows) => `
    INSERT INTO outbox (aggregate_id, sequence, id, lane, desk_id, type, occurred_at, causation_id, trace_id, data)
    SELECT "aggregateId", sequence, id, lane, "deskId", type, "occurredAt", "causationId", "traceId", data
    FROM ${rows}`,
);

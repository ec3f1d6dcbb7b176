import { newId } from '#kernel/ids.js';
import { currentContext } from '#platform/context.js';
import { RowsStatement } from '#platform/database/rows-statement.js';
import type { Transaction } from '#platform/database/transaction.js';
import type { DomainEvent, NewEvent } from '../event.js';
import { laneOf } from './lanes.js';
import { appended } from './wake-up.js';

/** As `appendEvent`, for hundreds of events in one statement; those of one aggregate in the order of their sequence. */
export function appendEvents(tx: Transaction, events: readonly NewEvent[]): void {
  if (events.length === 0) return;
  const traceId = currentContext()?.traceId;
  const rows = events.map((event) => ({ ...event, id: newId(), lane: laneOf(event.aggregateId), traceId: event.traceId ?? traceId }));
  tx.executeAll(APPEND, rows);
  tx.onCommitted(appended);
}

const APPEND = new RowsStatement<DomainEvent & { readonly lane: number }>(
  {
    occurredAt: 'timestamptz',
    id: 'uuid',
    aggregateId: 'uuid',
    sequence: 'integer',
    lane: 'smallint',
    deskId: 'text',
    type: 'text',
    causationId: 'text',
    traceId: 'text',
    data: 'json',
  },
  (rows) => `
    INSERT INTO outbox (occurred_at, id, aggregate_id, sequence, lane, desk_id, type, causation_id, trace_id, data)
    SELECT "occurredAt", id, "aggregateId", sequence, lane, "deskId", type, "causationId", "traceId", data
    FROM ${rows}`,
);

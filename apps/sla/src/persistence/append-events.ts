import { newId } from '#kernel/ids.js';
import type { NewEvent } from '#messaging/event.js';
import { laneOf } from '#messaging/outbox/lanes.js';
import { appended } from '#messaging/outbox/wake-up.js';
import { currentContext } from '#platform/context.js';
import type { Transaction } from '#platform/database/transaction.js';

/** As `appendEvent`, for hundreds of events in one statement; those of one ticket in the order of their sequence. */
export function appendEvents(tx: Transaction, events: readonly NewEvent[]): void {
  if (events.length === 0) return;
  const traceId = currentContext()?.traceId;
  const rows = events.map((event) => ({ ...event, id: newId(), lane: laneOf(event.aggregateId), traceId }));
  tx.execute(APPEND, [JSON.stringify(rows)]);
  tx.onCommitted(appended);
}

const APPEND = `
  INSERT INTO outbox (occurred_at, id, aggregate_id, sequence, lane, desk_id, type, causation_id, trace_id, data)
  SELECT "occurredAt", id, "aggregateId", sequence, lane, "deskId", type, "causationId", "traceId", data
  FROM json_to_recordset($1::json) AS row ("occurredAt" timestamptz, id uuid, "aggregateId" uuid, sequence integer,
    lane smallint, "deskId" text, type text, "causationId" text, "traceId" text, data json)`;

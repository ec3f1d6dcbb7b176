import { newId } from '#kernel/ids.js';
import { currentContext } from '#platform/context.js';
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
  const id = newId();
  tx.insert(OutboxRecord, {
    aggregateId: event.aggregateId,
    sequence: event.sequence,
    id,
    lane: laneOf(event.aggregateId),
    deskId: event.deskId,
    type: event.type,
    occurredAt: event.occurredAt,
    causationId: event.causationId ?? null,
    traceId: event.traceId ?? currentContext()?.traceId,
    data: event.data,
  });
  tx.onCommitted(appended);
  return id;
}

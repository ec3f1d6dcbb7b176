import { newId } from '#kernel/ids.js';
import type { Transactions } from '#platform/database/transactions.js';
import type { NewEvent } from '../src/event.js';
import { appendEvent } from '../src/outbox/append-event.js';

export const DESK = 'aurora';

export async function createAggregates(transactions: Transactions, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, newId);
  await transactions.run(async (tx) => {
    for (const id of ids) tx.execute('INSERT INTO aggregates (id) VALUES ($1)', [id]);
  });
  return ids;
}

/** One business transaction, as a use case does it: locks the aggregate, counts, appends. Answers the event's id. */
export function changeAggregate(
  transactions: Transactions,
  aggregateId: string,
  event: Partial<NewEvent> = {},
): Promise<string> {
  return transactions.run(async (tx) => {
    const [row] = await tx.query<{ sequence: number }>(
      'UPDATE aggregates SET sequence = sequence + 1 WHERE id = $1 RETURNING sequence',
      [aggregateId],
    );
    const { sequence } = row!;
    return appendEvent(tx, {
      type: sequence === 1 ? 'ticket.opened' : 'ticket.changed',
      aggregateId,
      sequence,
      deskId: DESK,
      occurredAt: new Date(),
      data: { sequence },
      ...event,
    });
  });
}

/** `writers` at once, each with `each` transactions on the aggregates in turn. */
export async function writeConcurrently(
  transactions: Transactions,
  aggregates: readonly string[],
  writers: number,
  each: number,
): Promise<void> {
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let i = 0; i < each; i += 1) {
        await changeAggregate(transactions, aggregates[(writer + i) % aggregates.length]!);
      }
    }),
  );
}

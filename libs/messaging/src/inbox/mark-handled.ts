import type { Transaction } from '#platform/database/transaction.js';

/** Marks the event in the inbox of the group; false when it was marked before. */
export async function markHandled(tx: Transaction, group: string, eventId: string): Promise<boolean> {
  const marked = await tx.query(
    'INSERT INTO inbox (consumer_group, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING event_id',
    [group, eventId],
  );
  return marked.length === 1;
}

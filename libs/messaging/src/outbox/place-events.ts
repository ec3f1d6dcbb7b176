import type pg from 'pg';
import { PLACED_CHANNEL } from './relay-connection.js';

export const PLACE_LIMIT = 2_000;

/**
 * Gives committed events their position in the event log and answers how many there were, by lane.
 *
 * Rows become visible in the order of commits, not of `ordinal`, so a reader that remembers an ordinal would miss a late
 * commit. Positions are given to what is visible, by one relay at a time (the head's row is the lock), and become visible
 * in their own order: whoever has read up to a position will not find a smaller one later. Within an aggregate the order
 * of `ordinal` is that of `sequence`, as its row is locked from counting until the commit.
 *
 * One message to the server: the statements are one transaction and each sees what the lock before it waited for.
 */
export async function placeEvents(client: pg.Client): Promise<ReadonlyMap<number, number>> {
  const results = (await client.query(PLACE)) as unknown as readonly pg.QueryResult<{ lane: number; events: number }>[];
  return new Map(results[1]!.rows.map(({ lane, events }) => [lane, events]));
}

const PLACE = `
  SELECT FROM outbox_head FOR UPDATE;
  WITH unplaced AS (
    SELECT aggregate_id, sequence, row_number() OVER (ORDER BY ordinal) AS place
    FROM (
      SELECT aggregate_id, sequence, ordinal FROM outbox WHERE position IS NULL ORDER BY ordinal LIMIT ${PLACE_LIMIT}
    ) AS oldest
  ), placed AS (
    UPDATE outbox SET position = outbox_head.position + place
    FROM unplaced, outbox_head
    WHERE outbox.aggregate_id = unplaced.aggregate_id AND outbox.sequence = unplaced.sequence
    RETURNING lane
  ), moved AS (
    UPDATE outbox_head SET position = position + (SELECT count(*) FROM unplaced)
    WHERE EXISTS (SELECT FROM unplaced)
  )
  SELECT lane, count(*)::integer AS events FROM placed GROUP BY lane`;

/** Wakes the replicas that hold the lanes and those that watch. By itself, after the commit: see `appendEvent`. */
export async function announcePlaced(client: pg.Client, relayId: string): Promise<void> {
  await client.query('SELECT pg_notify($1, $2)', [PLACED_CHANNEL, relayId]);
}

import type pg from 'pg';
import { type BusMessage, MessageRejected } from '../event-bus.js';
import { partitionOf } from './partition-of.js';

/** As Kafka's default. */
const MESSAGE_BYTES = 1_048_576;
// A character that text cannot hold: the message will never be stored.
const REFUSALS = new Set(['22021', '22P05']);

/**
 * Stores the messages at the next offsets of their partitions. A partition's row is locked until the commit, so offsets
 * have no gap and appear in order; rows are locked in one order, so publishers cannot block each other for good.
 */
export async function publishMessages(
  pool: pg.Pool,
  topic: string,
  partitions: number,
  messages: readonly BusMessage[],
): Promise<void> {
  const rows = messages.map((message) => rowOf(message, partitions));
  const columns = [0, 1, 2, 3].map((column) => rows.map((row) => row[column]));
  const client = await pool.connect();
  let broken = true;
  try {
    // All on the wire at once; after a failure the server refuses the rest and the COMMIT rolls back.
    const sent = await Promise.allSettled([
      client.query('BEGIN'),
      client.query({ name: 'bus-lock', text: LOCK, values: [topic, columns[0]] }),
      client.query({ name: 'bus-store', text: STORE, values: [topic, ...columns] }),
      client.query('COMMIT'),
    ]);
    broken = sent.at(-1)!.status === 'rejected';
    const failed = sent.find((result) => result.status === 'rejected');
    if (failed) throw refusalOr(failed.reason);
  } finally {
    client.release(broken);
  }
}

const LOCK = `
  SELECT FROM event_bus.partitions
  WHERE topic = $1 AND partition = ANY($2::integer[])
  ORDER BY partition FOR UPDATE`;

const STORE = `
  WITH incoming AS (
    SELECT * FROM unnest($2::integer[], $3::text[], $4::text[], $5::text[])
      WITH ORDINALITY AS message (partition, key, headers, value, place)
  ), counted AS (
    SELECT partition, count(*) AS messages FROM incoming GROUP BY partition
  ), moved AS (
    UPDATE event_bus.partitions SET next_offset = next_offset + messages
    FROM counted
    WHERE partitions.topic = $1 AND partitions.partition = counted.partition
    RETURNING partitions.partition, next_offset - messages AS first
  )
  INSERT INTO event_bus.messages (topic, partition, "offset", key, headers, value)
  SELECT $1, partition, first + row_number() OVER (PARTITION BY partition ORDER BY place) - 1, key, headers::json, value
  FROM incoming JOIN moved USING (partition)`;

function rowOf({ key, headers, value }: BusMessage, partitions: number): [number, string, string, string] {
  const headerText = JSON.stringify(headers);
  const bytes = Buffer.byteLength(value) + Buffer.byteLength(headerText) + Buffer.byteLength(key);
  if (bytes > MESSAGE_BYTES) throw new MessageRejected(`${bytes} bytes, and ${MESSAGE_BYTES} are allowed`);
  return [partitionOf(key, partitions), key, headerText, value];
}

function refusalOr(error: unknown): unknown {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return REFUSALS.has(code) ? new MessageRejected(message, { cause: error }) : error;
}

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Clock } from '#kernel/clock.js';

/** A look for timers when there was none. */
const IDLE_MS = 50;

/**
 * The obvious scheduler, for so many seconds: the earliest due timer, its effects, commit, again. The same rows as the
 * service writes. Answers timers a second.
 */
export async function fireOneByOne(client: pg.Client, clock: Clock, seconds: number): Promise<number> {
  const begin = performance.now();
  let fired = 0;
  while (performance.now() - begin < seconds * 1_000) {
    if (await fireNext(client, clock.now())) fired += 1;
    else await delay(IDLE_MS);
  }
  return fired / ((performance.now() - begin) / 1_000);
}

/** Answers whether there was one. */
async function fireNext(client: pg.Client, now: Date): Promise<boolean> {
  await client.query('BEGIN');
  const { rows } = await client.query<{ ticket_id: string; name: string; number: number; due_at: Date }>(
    'SELECT * FROM timer WHERE due_at < $1 ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED',
    [now],
  );
  if (rows.length === 0) {
    await client.query('COMMIT');
    return false;
  }
  const timer = rows[0]!;
  const { ticket_id: id, name, number, due_at: due } = timer;
  const tickets = await client.query<{ desk_id: string; number: string; event_sequence: number }>(
    'SELECT desk_id, number, event_sequence FROM sla_ticket WHERE ticket_id = $1 FOR UPDATE',
    [id],
  );
  const ticket = tickets.rows[0]!;
  const breach = JSON.stringify([{ at: due.getTime() / 1000, dueAt: due.getTime() / 1000 }]);
  await client.query(
    `UPDATE clock SET state = 'BREACHED', breached_at = due_at, breaches = $4
     WHERE ticket_id = $1 AND target = $2 AND cycle = $3`,
    [id, name, number, breach],
  );
  await client.query(
    `INSERT INTO breach (id, desk_id, ticket_id, ticket_number, target, cycle, due_at, occurred_at, recorded_at, reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, '')`,
    [randomUUID(), ticket.desk_id, id, ticket.number, name, number, due, now],
  );
  const sequence = ticket.event_sequence + 1;
  await client.query('UPDATE sla_ticket SET event_sequence = $2 WHERE ticket_id = $1', [id, sequence]);
  const data = JSON.stringify({ ticketId: id, target: name, cycle: number, dueAt: due, occurredAt: due, recordedAt: now });
  await client.query(
    `INSERT INTO outbox (occurred_at, id, aggregate_id, sequence, lane, desk_id, type, data)
     VALUES ($1, $2, $3, $4, 0, $5, 'clock.breached', $6)`,
    [due, randomUUID(), id, sequence, ticket.desk_id, data],
  );
  await client.query('DELETE FROM timer WHERE ticket_id = $1 AND name = $2 AND number = $3', [id, name, number]);
  await client.query('COMMIT');
  return true;
}

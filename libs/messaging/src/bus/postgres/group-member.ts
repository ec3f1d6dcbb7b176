import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { ReceivedMessage } from '../event-bus.js';
import { CHANNEL } from './wake-ups.js';

export interface Claim {
  readonly topic: string;
  readonly partition: number;
}

export const MEMBERS_CHANGED = 'members changed';

/**
 * A member of a consumer group, by the database's clock. It is alive while it renews its lease; it holds partitions, its
 * fair share of them; those of a member whose lease ran out are free for all. A commit counts only by the holder.
 */
export class GroupMember {
  private readonly id = randomUUID();

  constructor(
    private readonly pool: pg.Pool,
    private readonly group: string,
    private readonly topics: readonly string[],
    private readonly leaseMs: number,
  ) {}

  async join(): Promise<void> {
    await this.pool.query(
      `INSERT INTO event_bus.members (group_name, member, topics, alive_until)
       VALUES ($1, $2, $3, now() + $4::integer * interval '1 ms')`,
      [this.group, this.id, this.topics, this.leaseMs],
    );
    await this.announce();
  }

  async leave(): Promise<void> {
    await this.pool.query(
      `WITH released AS (
         UPDATE event_bus.assignments SET member = NULL WHERE group_name = $1 AND member = $2
       )
       DELETE FROM event_bus.members WHERE group_name = $1 AND member = $2`,
      [this.group, this.id],
    );
    await this.announce();
  }

  /** Renews the lease, and takes or gives partitions up to the fair share; those that are `busy` are given another time. */
  async renew(busy: (claim: Claim) => boolean): Promise<void> {
    await this.pool.query(ALIVE, [this.group, this.id, this.topics, this.leaseMs]);
    const { rows } = await this.pool.query<Claim & { mine: boolean; free: boolean; members: number }>(SHARES, [
      this.group,
      this.id,
      this.topics,
    ]);
    const fairShare = Math.ceil(rows.length / (rows[0]?.members ?? 1));
    const mine = rows.filter((row) => row.mine);
    const surplus = mine.filter((claim) => !busy(claim)).slice(0, Math.max(0, mine.length - fairShare));
    if (surplus.length > 0) {
      await this.pool.query(GIVE, [this.group, this.id, ...columnsOf(surplus)]);
      await this.announce();
    }
    const wanted = rows.filter((row) => row.free).slice(0, Math.max(0, fairShare - mine.length));
    if (wanted.length > 0) await this.pool.query(TAKE, [this.group, this.id, ...columnsOf(wanted)]);
  }

  /** The partitions that it holds and has not consumed to the end. */
  async withNews(): Promise<Claim[]> {
    const { rows } = await this.pool.query<Claim>({
      name: 'bus-news',
      text: `
        SELECT topic, partition FROM event_bus.assignments JOIN event_bus.partitions USING (topic, partition)
        WHERE group_name = $1 AND member = $2 AND next_offset > committed`,
      values: [this.group, this.id],
    });
    return rows;
  }

  /** The messages after the last commit, and the offset at which the partition ends; none when it is no longer held. */
  async fetch(claim: Claim, limit: number): Promise<{ messages: ReceivedMessage[]; end: bigint }> {
    const { rows } = await this.pool.query<FetchedRow>({
      name: 'bus-fetch',
      text: `
        SELECT "offset", key, headers, value, next_offset
        FROM event_bus.assignments
        JOIN event_bus.partitions USING (topic, partition)
        JOIN event_bus.messages USING (topic, partition)
        WHERE group_name = $1 AND member = $2 AND topic = $3 AND partition = $4 AND "offset" >= committed
        ORDER BY "offset" LIMIT $5`,
      values: [this.group, this.id, claim.topic, claim.partition, limit],
    });
    const messages = rows.map(({ offset, key, headers, value }) => ({
      ...claim,
      offset: BigInt(offset),
      key,
      headers,
      value,
    }));
    return { messages, end: BigInt(rows[0]?.next_offset ?? 0) };
  }

  /** False when the partition is no longer its own. */
  async commit(claim: Claim, next: bigint): Promise<boolean> {
    const { rowCount } = await this.pool.query({
      name: 'bus-commit',
      text: `
        UPDATE event_bus.assignments SET committed = $5
        WHERE group_name = $1 AND member = $2 AND topic = $3 AND partition = $4`,
      values: [this.group, this.id, claim.topic, claim.partition, next],
    });
    return rowCount === 1;
  }

  private async announce(): Promise<void> {
    await this.pool.query('SELECT pg_notify($1, $2)', [CHANNEL, MEMBERS_CHANGED]);
  }
}

interface FetchedRow {
  offset: string;
  key: string;
  headers: Record<string, string>;
  value: string;
  next_offset: string;
}

const ALIVE = `
  WITH gone AS (
    DELETE FROM event_bus.members WHERE group_name = $1 AND alive_until < now() - interval '1 hour' AND member <> $2
  ), known AS (
    INSERT INTO event_bus.assignments (group_name, topic, partition)
    SELECT $1, topic, partition FROM event_bus.partitions WHERE topic = ANY($3::text[])
    ON CONFLICT DO NOTHING
  )
  INSERT INTO event_bus.members (group_name, member, topics, alive_until)
  VALUES ($1, $2, $3, now() + $4::integer * interval '1 ms')
  ON CONFLICT (group_name, member) DO UPDATE SET alive_until = excluded.alive_until`;

const SHARES = `
  WITH alive AS (
    SELECT member FROM event_bus.members WHERE group_name = $1 AND topics && $3::text[] AND alive_until > now()
  )
  SELECT topic, partition,
    member IS NOT DISTINCT FROM $2 AS mine,
    member IS NULL OR member NOT IN (SELECT member FROM alive) AS free,
    (SELECT count(*)::integer FROM alive) AS members
  FROM event_bus.assignments
  WHERE group_name = $1 AND topic = ANY($3::text[])
  ORDER BY topic, partition`;

const GIVE = `
  UPDATE event_bus.assignments SET member = NULL
  FROM unnest($3::text[], $4::integer[]) AS given (topic, partition)
  WHERE group_name = $1 AND member = $2 AND assignments.topic = given.topic AND assignments.partition = given.partition`;

// Looks at the holder once more, now with the row locked: of two that want a partition one gets it.
const TAKE = `
  UPDATE event_bus.assignments SET member = $2
  FROM unnest($3::text[], $4::integer[]) AS wanted (topic, partition)
  WHERE group_name = $1 AND assignments.topic = wanted.topic AND assignments.partition = wanted.partition
    AND NOT EXISTS (
      SELECT FROM event_bus.members AS holder
      WHERE holder.group_name = $1 AND holder.member = assignments.member AND holder.alive_until > now()
    )`;

function columnsOf(claims: readonly Claim[]): [string[], number[]] {
  return [claims.map((claim) => claim.topic), claims.map((claim) => claim.partition)];
}

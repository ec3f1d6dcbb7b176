import type { ChildProcess } from 'node:child_process';
import type pg from 'pg';
import { startProcess } from '#testing/source-process.js';
import type { SlaUnderTest } from './service.js';

export interface PlantedTimers {
  readonly deskId: string;
  readonly count: number;
  /** Of the first; the others follow within `spreadSeconds`. */
  readonly due: Date;
  readonly spreadSeconds: number;
}

/** As many tickets with a running resolution clock each, as opening and computing them would have recorded them. */
export async function plantTimers(client: pg.Client, { deskId, count, due, spreadSeconds }: PlantedTimers): Promise<void> {
  await client.query(
    `CREATE TEMPORARY TABLE planted AS
     SELECT uuidv7(due_at - interval '8 hours' - now()) AS id, place, due_at
     FROM (SELECT place, $2::timestamptz + ((place * $3::bigint) / $1::integer) * interval '1 second' AS due_at
           FROM generate_series(1, $1::integer) AS place) AS due`,
    [count, due, spreadSeconds],
  );
  await client.query(
    `INSERT INTO sla_ticket (ticket_id, desk_id, number, revision, opened_at)
     SELECT id, $1, 'P' || place, 1, due_at - interval '8 hours' FROM planted`,
    [deskId],
  );
  await client.query(
    `INSERT INTO clock (ticket_id, desk_id, target, cycle, state, started_at, due_at, due_reason, due_changed_at,
       used_seconds, target_seconds, breaches, warnings, policy_id, policy_version, calendar_id, calendar_version,
       time_zone_data_version)
     SELECT id, $1, 'resolution', 1, 'RUNNING', due_at - interval '8 hours', due_at, 'started',
       due_at - interval '8 hours', 0, 28800, '[]', '[]', 'all', 1, 'office', 1, '2025c' FROM planted`,
    [deskId],
  );
  await client.query(
    `INSERT INTO timer (ticket_id, kind, name, number, key, due_at) SELECT id, 'breach', 'resolution', 1, '', due_at FROM planted`,
  );
  await client.query('DROP TABLE planted');
  await client.query('ANALYZE timer, clock, sla_ticket');
}

/** What a replica in a process of its own is started with. */
export interface ReplicaOptions {
  readonly databaseUrl: string;
  readonly busUrl: string;
  /** Where its clock stands until it is told to start. */
  readonly now: string;
  /** Seconds of its clock in one of ours. */
  readonly speed: number;
}

/** Its clock starts with the first message it gets. */
export async function startReplicaProcess(
  { databaseUrl, busUrl }: Pick<SlaUnderTest, 'databaseUrl' | 'busUrl'>,
  now: Date,
  speed: number,
): Promise<ChildProcess> {
  const options: ReplicaOptions = { databaseUrl, busUrl, now: now.toISOString(), speed };
  return startProcess(new URL('replica-process.ts', import.meta.url), options);
}

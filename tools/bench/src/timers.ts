import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type pg from 'pg';
import { Clock } from '#kernel/clock.js';
import { Relay } from '#messaging/outbox/relay.js';
import { Transactions } from '#platform/database/transactions.js';
import { type ServiceUnderTest, startService, testEnv } from '#testing/grpc.js';
import { withClient } from '#testing/infrastructure/databases.js';
import { startPostgres } from '#testing/infrastructure/postgres.js';
import { deskFile } from '#testing/neighbours.js';
import { AppModule } from '../../../apps/sla/src/app.module.js';
import { ApplyRules } from '../../../apps/sla/src/use-cases/apply-rules.js';
import { plantTimers } from '../../../apps/sla/test/planted-timers.js';
import { cpuOf } from './create-ticket/cpu.js';
import type { BenchmarkResult } from './result.js';
import { fireOneByOne } from './timers/one-by-one.js';

const DESK = 'fleet';
const PENDING = 1_000_000;
const BURST = 60_000;
const PER_SECOND = 500;
const STEADY_SECONDS = 30;
const BASELINE_SECONDS = 5;
const BASELINE_STEADY_SECONDS = 15;
const THROUGHPUT_GOAL = 8_000;
const LATENESS_GOAL_S = 1;

const START = new Date('2026-05-18T07:00:00Z');
const HOUR = 3_600_000;
/** When the timers of each part are due; the rest is due in the month after. */
const BASELINE_DUE = new Date(START.getTime() + HOUR);
const BASELINE_STEADY_DUE = new Date(START.getTime() + 2 * HOUR);
const BURST_DUE = new Date(START.getTime() + 3 * HOUR);
const STEADY_DUE = new Date(START.getTime() + 4 * HOUR);
const REST_DUE = new Date(START.getTime() + 24 * HOUR);

/** Goes at the usual speed from wherever it was put last. */
class JumpingClock extends Clock {
  private offset = 0;
  private frozen: Date | undefined = START;

  now(): Date {
    return this.frozen ?? new Date(performance.timeOrigin + performance.now() + this.offset);
  }

  stopAt(instant: Date): void {
    this.frozen = instant;
  }

  runFrom(instant: Date): void {
    this.offset = instant.getTime() - (performance.timeOrigin + performance.now());
    this.frozen = undefined;
  }
}

/**
 * The SLA service's own scheduler on a PostgreSQL that syncs its commits, with a million timers pending: how many it
 * fires, and how late it is under a steady load. The baseline writes the same rows with one timer a transaction; events go
 * into the outbox; what the relay then costs is measured by itself, as every service pays it.
 */
export async function benchmarks(): Promise<BenchmarkResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'priolane-bench-'));
  const postgres = await startPostgres({
    place: { folder },
    databases: [{ name: 'sla' }, { name: 'bus' }],
    durable: true,
    watcher: { report: (line) => void process.stderr.write(`${line}\n`) },
  });
  const { sla, bus } = postgres.urls as { sla: string; bus: string };
  const env = testEnv({ DATABASE_URL: sla, EVENT_BUS_DATABASE_URL: bus, MIGRATE_ON_START: 'true' });
  const clock = new JumpingClock();
  let service: ServiceUnderTest | undefined;
  try {
    service = await startService({ name: 'sla', packages: ['priolane.sla.v1'], module: AppModule.forEnv(env), env, clock });
    await service.app.get(Relay, { strict: false }).stop();
    await applyDesk(service);
    return await withClient(sla, async (client) => {
      await plantAll(client);
      const naive = await baseline(client);
      return [await burst(client, clock, naive.perSecond), await steady(client, clock, naive.late)];
    });
  } finally {
    await service?.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function applyDesk({ app }: ServiceUnderTest): Promise<void> {
  const rules = app.get(ApplyRules, { strict: false });
  await app.get(Transactions, { strict: false }).run((tx) => rules.execute(tx, deskFile(DESK), 1, START));
}

async function plantAll(client: pg.Client): Promise<void> {
  const perSecond = (due: Date, seconds: number) =>
    plantTimers(client, { deskId: DESK, count: PER_SECOND * seconds, due, spreadSeconds: seconds });
  await plantTimers(client, { deskId: DESK, count: BURST, due: BASELINE_DUE, spreadSeconds: 600 });
  await plantTimers(client, { deskId: DESK, count: BURST, due: BURST_DUE, spreadSeconds: 600 });
  await perSecond(BASELINE_STEADY_DUE, BASELINE_STEADY_SECONDS);
  await perSecond(STEADY_DUE, STEADY_SECONDS);
  await plantTimers(client, { deskId: DESK, count: PENDING, due: REST_DUE, spreadSeconds: 30 * 86_400 });
  await client.query('CHECKPOINT');
}

async function burst(client: pg.Client, clock: JumpingClock, naive: number): Promise<BenchmarkResult> {
  const cpu = await cpuMeter(client);
  const begin = performance.now();
  clock.stopAt(new Date(BURST_DUE.getTime() + HOUR / 2));
  await until(client, 'SELECT FROM timer WHERE due_at < $1 LIMIT 1', [STEADY_DUE]);
  const firedSeconds = (performance.now() - begin) / 1000;
  const cpuPerTimer = cpu(BURST);
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM breach WHERE due_at >= $1`, [BURST_DUE]);
  const perSecond = BURST / firedSeconds;
  return {
    name: 'timers: fired, with 1,000,000 pending',
    value: Math.round(perSecond),
    unit: 'timers/s',
    baseline: Math.round(naive),
    ratio: Math.round((perSecond / naive) * 10) / 10,
    goal: `>= ${THROUGHPUT_GOAL} timers/s`,
    met: perSecond >= THROUGHPUT_GOAL,
    details: {
      'CPU µs per timer (service + database)': cpuPerTimer,
      effects: rows[0]!.count,
    },
  };
}

async function steady(client: pg.Client, clock: JumpingClock, naive: Lateness): Promise<BenchmarkResult> {
  clock.runFrom(new Date(STEADY_DUE.getTime() - 2_000));
  await delay((STEADY_SECONDS + 5) * 1_000);
  clock.stopAt(clock.now());
  const recorded = await lateness(client, STEADY_DUE, clock.now());
  const all = recorded.fired === PER_SECOND * STEADY_SECONDS;
  return {
    name: 'timers: 99th percentile of lateness at 500/s, with 1,000,000 pending',
    value: recorded.p99,
    unit: 's',
    baseline: naive.p99,
    ratio: Math.round((recorded.p99 / naive.p99) * 1000) / 1000,
    goal: `< ${LATENESS_GOAL_S} s`,
    met: all && recorded.p99 < LATENESS_GOAL_S,
    details: { fired: recorded.fired, 'median, s': recorded.p50, 'median of the baseline, s': naive.p50 },
  };
}

/** The obvious scheduler: with more to do than it can, then under the steady load. */
async function baseline(client: pg.Client): Promise<{ readonly perSecond: number; readonly late: Lateness }> {
  const clock = new JumpingClock();
  clock.stopAt(new Date(BASELINE_DUE.getTime() + HOUR / 2));
  const perSecond = await fireOneByOne(client, clock, BASELINE_SECONDS);
  await client.query('DELETE FROM timer WHERE due_at < $1', [BASELINE_STEADY_DUE]);
  clock.runFrom(BASELINE_STEADY_DUE);
  await fireOneByOne(client, clock, BASELINE_STEADY_SECONDS);
  const late = await lateness(client, BASELINE_STEADY_DUE, clock.now());
  await client.query('DELETE FROM timer WHERE due_at < $1', [BURST_DUE]);
  return { perSecond, late };
}

interface Lateness {
  readonly fired: number;
  /** Seconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Of the timers due since; one that has not fired is as late as it is by now. */
async function lateness(client: pg.Client, from: Date, now: Date): Promise<Lateness> {
  const { rows } = await client.query<Lateness>(
    `SELECT count(recorded_at)::integer AS fired, percentile_cont(0.5) WITHIN GROUP (ORDER BY late) AS p50,
       percentile_cont(0.99) WITHIN GROUP (ORDER BY late) AS p99
     FROM (SELECT recorded_at, extract(epoch FROM coalesce(recorded_at, $2) - due_at)::float8 AS late
           FROM (SELECT due_at, recorded_at FROM breach UNION ALL SELECT due_at, NULL FROM timer) AS due
           WHERE due_at >= $1 AND due_at < $2) AS due`,
    [from, now],
  );
  const { fired, p50, p99 } = rows[0]!;
  return { fired, p50: rounded(p50), p99: rounded(p99) };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}

/** What this process and the database have used since, for each of so many. */
async function cpuMeter(client: pg.Client): Promise<(count: number) => string> {
  const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
  const pid = Number((await readFile(join(rows[0]!.data_directory, 'postmaster.pid'), 'utf8')).split('\n', 1)[0]);
  const used = (): number[] => [process.pid, pid].map((root) => cpuOf(root) ?? Number.NaN);
  const before = used();
  return (count) => {
    const [all, database] = used().map((now, i) => Math.round((now - before[i]!) / count)) as [number, number];
    // An embedded database runs below this process.
    return `${all - database} + ${database}`;
  };
}

/** Until the query finds nothing any more. */
async function until(client: pg.Client, query: string, values: readonly unknown[]): Promise<void> {
  while ((await client.query(query, [...values])).rowCount !== 0) await delay(50);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { name, value, unit, baseline, ratio, goal, met, details } of await benchmarks()) {
    console.log(`${met ? 'met   ' : 'MISSED'} ${name}: ${value} ${unit}, baseline ${baseline}, ratio ${ratio} (goal ${goal})`, details);
  }
}

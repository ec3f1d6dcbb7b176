import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '#testing/infrastructure/postgres.js';
import { Contestant, type Round } from './create-ticket/contestant.js';
import type { BenchmarkResult } from './result.js';

const CALLERS = 16;
const ROUNDS = 5;
const SECONDS = 4;
const SERVERS = ['tickets', 'publishing', 'bare'];
/** Each has a bus of its own: the events of one are not the others' business. */
const DATABASES = SERVERS.flatMap((name) => [name, `${name}_bus`]);

/**
 * CreateTicket as it is (token, refusals, form, ticket, message, audit, outbox, idempotency) against a bare server that
 * writes the same rows in separate statements; in turn, on one PostgreSQL that syncs its commits.
 */
export async function benchmarks(): Promise<BenchmarkResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'priolane-bench-'));
  const postgres = await startPostgres({
    place: { folder },
    databases: DATABASES.map((name) => ({ name })),
    durable: true,
    watcher: { report: (line) => void process.stderr.write(`${line}\n`) },
  });
  const contestants: Contestant[] = [];
  try {
    const service = (name: string, relay: string): Promise<Contestant> =>
      Contestant.start('./tickets-server.js', {
        DATABASE_URL: postgres.urls[name]!,
        EVENT_BUS_DATABASE_URL: postgres.urls[`${name}_bus`]!,
        RELAY: relay,
      });
    // The bare server finds the tables in a copy of the service's database.
    const migrating = await service('bare', 'off');
    await migrating.stop();
    contestants.push(await service('tickets', 'off'));
    contestants.push(await service('publishing', 'on'));
    contestants.push(await Contestant.start('./bare-server.js', { DATABASE_URL: postgres.urls['bare']! }));
    const pid = await postmaster(postgres.urls['bare']!);
    for (const contestant of contestants) await contestant.round(CALLERS, 3, pid);

    const rounds: Round[][] = contestants.map(() => []);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [i, contestant] of contestants.entries()) rounds[i]!.push(await contestant.round(CALLERS, SECONDS, pid));
    }
    const [quiet, publishing, bare] = rounds as [Round[], Round[], Round[]];
    return [result('create-ticket', quiet, bare, 0.8), result('create-ticket, relay publishing', publishing, bare, 0.5)];
  } finally {
    for (const contestant of contestants) await contestant.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function result(name: string, ours: readonly Round[], bare: readonly Round[], goal: number): BenchmarkResult {
  const value = median(ours, 'perSecond');
  const baseline = median(bare, 'perSecond');
  // Pair by pair: what else the machine does meanwhile hits neighbours alike.
  const ratio = middle(ours.map((round, i) => round.perSecond / bare[i]!.perSecond));
  const cpu = (rounds: readonly Round[]): string =>
    `${Math.round(median(rounds, 'serverCpuUs'))} + ${Math.round(median(rounds, 'postgresCpuUs'))}`;
  return {
    name,
    value: Math.round(value),
    unit: 'requests/s',
    baseline: Math.round(baseline),
    ratio: Math.round(ratio * 100) / 100,
    goal: `>= ${goal}`,
    met: ratio >= goal,
    details: { 'CPU µs per request (server + database)': cpu(ours), 'the same, bare': cpu(bare), callers: CALLERS, rounds: ROUNDS },
  };
}

function median(rounds: readonly Round[], figure: keyof Round): number {
  return middle(rounds.map((round) => round[figure]));
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** The server process, for its CPU time; none where PostgreSQL runs elsewhere. */
async function postmaster(url: string): Promise<number | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return Number((await readFile(join(rows[0]!.data_directory, 'postmaster.pid'), 'utf8')).split('\n', 1)[0]);
  } catch {
    return undefined;
  } finally {
    await client.end();
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withClient } from './databases.js';
import { identify } from './process-identity.js';
import { startPostgres, type PostgresOptions, type StartedPostgres } from './postgres.js';
import { dataFolder, registryFolder, stopLeftovers, type Place } from './processes.js';
import { until } from './readiness.js';

const DATABASES = [
  { name: 'priolane_tickets', variable: 'TICKETS_DATABASE_URL' },
  { name: 'priolane_sla', variable: 'SLA_DATABASE_URL' },
];

const kept = (url: string): Promise<number[]> =>
  withClient(url, async (client) => (await client.query<{ n: number }>('SELECT n FROM kept ORDER BY n')).rows.map(({ n }) => n));

describe('PostgreSQL', () => {
  let place: Place;
  let lines: string[];
  let options: PostgresOptions;

  beforeEach(() => {
    place = { folder: mkdtempSync(join(tmpdir(), 'postgres-')) };
    lines = [];
    options = { place, databases: DATABASES, durable: true, environment: {}, watcher: { report: (line) => lines.push(line) } };
  });

  afterEach(async () => {
    await stopLeftovers(place);
    rmSync(place.folder, { recursive: true, force: true });
  });

  async function postmaster(): Promise<number> {
    const { pid } = JSON.parse(await readFile(join(registryFolder(place), 'postgres.json'), 'utf8')) as { pid: number };
    return pid;
  }

  it('is version 18, with the databases created, durable, and keeps them over a restart', async () => {
    const first = await startPostgres(options);
    expect(first.kind).toBe('embedded');
    expect(Object.keys(first.urls)).toEqual(['priolane_tickets', 'priolane_sla']);
    const url = first.urls.priolane_tickets as string;
    const facts = await withClient(url, async (client) => {
      await client.query('CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)');
      const { rows } = await client.query<{ version: string; fsync: string; name: string }>(
        `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync, current_database() AS name`,
      );
      return rows[0];
    });
    expect(facts).toEqual({ version: expect.stringMatching(/^18\./), fsync: 'on', name: 'priolane_tickets' });
    await first.stop();
    const second = await startPostgres(options);
    expect(await kept(second.urls.priolane_tickets as string)).toEqual([1]);
    await second.stop();
    expect(lines).toEqual([]);
  });

  it('comes back by itself after a kill -9, on the same port, with what was committed', async () => {
    const started = await startPostgres(options);
    const url = started.urls.priolane_sla as string;
    await withClient(url, (client) => client.query('CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)'));
    process.kill(await postmaster(), 'SIGKILL');
    await until(async () => lines.some((line) => line.startsWith('postgres is back')), AbortSignal.timeout(60_000));
    expect(lines[0]).toContain('postgres died (SIGKILL)');
    expect(await kept(url)).toEqual([7]);
    await started.stop();
  });

  it('starts on data that a kill -9 left, also when the pid in its stale file is in use by another program', async () => {
    const killed = await startPostgres({ ...options, restart: false });
    await withClient(killed.urls.priolane_tickets as string, (client) => client.query('CREATE TABLE kept (n int); INSERT INTO kept VALUES (3)'));
    const pid = await postmaster();
    process.kill(pid, 'SIGKILL');
    await until(async () => identify(pid) === undefined, AbortSignal.timeout(60_000));
    const file = join(dataFolder(place, 'postgres'), 'postmaster.pid');
    await writeFile(file, (await readFile(file, 'utf8')).replace(String(pid), String(process.ppid)));
    const again = await startPostgres({ ...options, restart: false });
    expect(await kept(again.urls.priolane_tickets as string)).toEqual([3]);
    await again.stop();
  });

  it('takes a given server, and given URLs of single databases, without starting one', async () => {
    const server: StartedPostgres = await startPostgres({ ...options, durable: false, databases: [] });
    const environment = { DATABASE_URL: server.serverUrl as string, SLA_DATABASE_URL: 'postgres://elsewhere/sla' };
    const given = await startPostgres({ ...options, place: { folder: '/nowhere' }, environment });
    expect(given).toMatchObject({ kind: 'given', why: 'given by DATABASE_URL' });
    expect(given.urls.priolane_sla).toBe('postgres://elsewhere/sla');
    expect(await withClient(given.urls.priolane_tickets as string, async (client) => client.database)).toBe('priolane_tickets');
    await given.stop();

    const each = { TICKETS_DATABASE_URL: 'postgres://a/tickets', SLA_DATABASE_URL: 'postgres://b/sla' };
    expect(await startPostgres({ ...options, place: { folder: '/nowhere' }, environment: each })).toMatchObject({
      kind: 'given',
      why: 'given by TICKETS_DATABASE_URL, SLA_DATABASE_URL',
      urls: { priolane_tickets: 'postgres://a/tickets', priolane_sla: 'postgres://b/sla' },
    });
    await server.stop();
  });

  it('names the databases that a given server would not create', async () => {
    const environment = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/postgres' };
    await expect(startPostgres({ ...options, environment })).rejects.toThrow(
      'The databases priolane_tickets, priolane_sla could not be created',
    );
  });
});

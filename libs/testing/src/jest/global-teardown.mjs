// Ends what the tests of this run started (see test-servers.ts), and clears up on a server that was given and stays.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

function read(run, name) {
  const file = join(run, `${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

async function dropDatabases(serverUrl) {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  const prefix = `test_${process.env.PRIOLANE_TEST_OWNER}_`;
  const { rows } = await client.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [prefix]);
  for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(datname)} WITH (FORCE)`);
  await client.end();
}

/** The keeper stops the servers and removes the run's folder; it is done when the folder is gone. */
async function endKeeper(run, pid) {
  process.kill(pid, 'SIGTERM');
  const deadline = performance.now() + 15_000;
  while (existsSync(run) && performance.now() < deadline) await sleep(25);
}

export default async function tearDown() {
  const run = process.env.PRIOLANE_TEST_RUN;
  const postgres = read(run, 'postgres');
  if (postgres?.kind === 'given') await dropDatabases(postgres.serverUrl);
  const keeper = read(run, 'keeper');
  if (keeper !== undefined) await endKeeper(run, keeper.pid);
  rmSync(run, { recursive: true, force: true });
}

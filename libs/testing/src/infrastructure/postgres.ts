import { askDocker } from './docker.js';
import { createMissingDatabases, withClient, withDatabase } from './databases.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import { freePort } from './ports.js';
import type { Place } from './processes.js';
import type { Watcher } from './supervisor.js';

const USER = 'priolane';
const PASSWORD = 'priolane';

export interface WantedDatabase {
  readonly name: string;
  /** The environment variable that, when set, holds this database's whole URL. */
  readonly variable?: string;
}

export interface PostgresOptions {
  readonly place: Place;
  readonly databases: readonly WantedDatabase[];
  /** A free one when not given. */
  readonly port?: number;
  /** False for data that is thrown away: no fsync. */
  readonly durable: boolean;
  /** A container where Docker answers, before the embedded server; for data that is thrown away. */
  readonly preferDocker?: boolean;
  readonly restart?: boolean;
  readonly watcher: Watcher;
  readonly environment?: NodeJS.ProcessEnv;
}

export interface StartedPostgres {
  readonly kind: 'given' | 'docker' | 'embedded';
  /** In words: what it is and why. */
  readonly why: string;
  /** A superuser's or the given URL; undefined when each database was given by itself. */
  readonly serverUrl: string | undefined;
  /** By database name. */
  readonly urls: Readonly<Record<string, string>>;
  /** Leaves a given server alone. */
  stop(graceMs?: number): Promise<void>;
}

interface Server {
  readonly kind: StartedPostgres['kind'];
  readonly why: string;
  readonly url: string;
  stop(graceMs?: number): Promise<void>;
}

/** PostgreSQL by the rules of the house: given, else a container for tests, else embedded; with the databases created. */
export async function startPostgres(options: PostgresOptions): Promise<StartedPostgres> {
  const environment = options.environment ?? process.env;
  const given = Object.fromEntries(
    options.databases.flatMap(({ name, variable }) => {
      const url = variable === undefined ? undefined : environment[variable];
      return url === undefined || url === '' ? [] : [[name, url]];
    }),
  );
  const missing = options.databases.map(({ name }) => name).filter((name) => given[name] === undefined);
  if (options.databases.length > 0 && missing.length === 0) {
    const variables = options.databases.map(({ variable }) => variable).join(', ');
    return { kind: 'given', why: `given by ${variables}`, serverUrl: undefined, urls: given, stop: async () => undefined };
  }
  const server = await startServer(options, environment);
  try {
    await createMissingDatabases(server.url, missing);
  } catch (error) {
    await server.stop();
    throw new Error(`The databases ${missing.join(', ')} could not be created: ${String(error)}`, { cause: error });
  }
  if (server.kind === 'embedded' && options.durable) void writeBehind(server.url);
  const created = Object.fromEntries(missing.map((name) => [name, withDatabase(server.url, name)]));
  return { kind: server.kind, why: server.why, serverUrl: server.url, urls: { ...created, ...given }, stop: (graceMs) => server.stop(graceMs) };
}

/** New databases are two thousand files to sync: done while the rest starts, it does not make the first stop slow. */
async function writeBehind(serverUrl: string): Promise<void> {
  // Only a head start: a server that is stopped meanwhile writes its checkpoint itself.
  await withClient(serverUrl, (client) => client.query('CHECKPOINT')).catch(() => undefined);
}

async function startServer(options: PostgresOptions, environment: NodeJS.ProcessEnv): Promise<Server> {
  const url = environment.DATABASE_URL;
  if (url !== undefined && url !== '') {
    return { kind: 'given', why: 'given by DATABASE_URL', url, stop: async () => undefined };
  }
  if (options.preferDocker === true) {
    const docker = await askDocker(environment);
    if (docker.answers) {
      try {
        return await startContainer(docker.why);
      } catch (error) {
        options.watcher.report(`postgres:18 did not start in Docker (${firstLine(error)}); the embedded server takes its place`);
      }
    }
  }
  const port = options.port ?? (await freePort());
  const { url: serverUrl, supervisor } = await startEmbeddedPostgres({ ...options, port, restart: options.restart ?? true });
  return {
    kind: 'embedded',
    why: 'PostgreSQL 18 from embedded-postgres, as no DATABASE_URL was given',
    url: serverUrl,
    stop: (graceMs) => supervisor.stop(graceMs),
  };
}

async function startContainer(dockerWhy: string): Promise<Server> {
  // Loaded only where it is used: the library takes a second to load.
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await new PostgreSqlContainer('postgres:18')
    .withUsername(USER)
    .withPassword(PASSWORD)
    .withDatabase('postgres')
    .withEnvironment({ POSTGRES_INITDB_ARGS: '--encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C' })
    .withCommand(['postgres', '-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off', '-c', 'max_connections=200'])
    .start();
  return {
    kind: 'docker',
    why: `the container postgres:18, as ${dockerWhy}`,
    url: container.getConnectionUri(),
    stop: async () => {
      await container.stop();
    },
  };
}

function firstLine(error: unknown): string {
  return String(error).split('\n')[0] ?? '';
}

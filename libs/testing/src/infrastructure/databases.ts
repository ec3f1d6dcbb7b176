import pg from 'pg';

/** The URL of another database on the same server. */
export function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** One short connection; the caller's work gets it open and leaves closing to this. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 30_000 });
  // A server that goes away while the connection idles is the work's failure, not the process's.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Creates the databases that are not there yet; safe to be called by several processes at once. */
export async function createMissingDatabases(serverUrl: string, names: readonly string[]): Promise<void> {
  await withClient(serverUrl, async (client) => {
    for (const name of names) {
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
      if (rowCount !== 0) continue;
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`).catch((error: unknown) => {
        if (!ALREADY_THERE.has((error as pg.DatabaseError).code ?? '')) throw error;
      });
    }
  });
}

/** duplicate_database; unique_violation when two sessions were at it in the same instant. */
const ALREADY_THERE = new Set(['42P04', '23505']);

export async function isAcceptingConnections(serverUrl: string): Promise<boolean> {
  return withClient(serverUrl, async (client) => (await client.query('SELECT 1')).rowCount === 1);
}

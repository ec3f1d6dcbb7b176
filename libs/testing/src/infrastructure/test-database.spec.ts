import { withClient } from './databases.js';
import { createTestDatabase } from './test-database.js';
import { testKafka, testMailbox, testPostgres } from './test-servers.js';

const one = async (url: string, sql: string): Promise<unknown> =>
  withClient(url, async (client) => Object.values((await client.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0]);

describe('test databases', () => {
  it('are on one server for the whole run', async () => {
    const [first, second] = await Promise.all([testPostgres(), testPostgres()]);
    expect(first).toEqual(second);
    expect(await one(first.serverUrl, 'SHOW server_version_num')).toMatch(/^18/);
  });

  it('are separate from each other and gone after their drop', async () => {
    const [a, b] = await Promise.all([createTestDatabase('sample'), createTestDatabase('sample')]);
    await withClient(a.url, (client) => client.query('CREATE TABLE only_here (n int)'));
    expect(await one(a.url, `SELECT to_regclass('only_here')::text`)).toBe('only_here');
    expect(await one(b.url, `SELECT to_regclass('only_here')::text`)).toBeNull();
    await Promise.all([a.drop(), b.drop()]);
    const { serverUrl } = await testPostgres();
    const names = `'${a.name}', '${b.name}'`;
    expect(await one(serverUrl, `SELECT count(*)::int FROM pg_database WHERE datname IN (${names})`)).toBe(0);
  });

  it('are migrated once, and copied from then on', async () => {
    let runs = 0;
    const migrate = async (url: string) => {
      runs += 1;
      await withClient(url, (client) => client.query('CREATE TABLE migrated AS SELECT 42 AS answer'));
    };
    const databases = await Promise.all(Array.from({ length: 5 }, () => createTestDatabase('migrated', { migrate })));
    for (const { url } of databases) expect(await one(url, 'SELECT answer FROM migrated')).toBe(42);
    expect(runs).toBe(1);
    await Promise.all(databases.map((database) => database.drop()));
  });

  it('are tried again after a migration that failed', async () => {
    const broken = createTestDatabase('retried', { migrate: () => Promise.reject(new Error('syntax error')) });
    await expect(broken).rejects.toThrow('syntax error');
    const database = await createTestDatabase('retried', { migrate: async () => undefined });
    expect(await one(database.url, 'SELECT 1')).toBe(1);
    await database.drop();
  });
});

describe('what else a run shares', () => {
  it('is one event bus', async () => {
    const [first, second] = await Promise.all([testKafka(), testKafka()]);
    expect(first).toEqual(second);
    expect(['kafka', 'postgres']).toContain(first.kind);
  });

  it('is one mailbox', async () => {
    const [first, second] = await Promise.all([testMailbox(), testMailbox()]);
    expect(first).toEqual(second);
    expect(first.smtpUrl).toMatch(/^smtps?:\/\//);
  });
});

import { withClient } from '#testing/infrastructure/databases.js';
import { createTestDatabase, type TestDatabase } from '#testing/infrastructure/test-database.js';
import { testPostgres } from '#testing/infrastructure/test-servers.js';
import { describeConformance } from './conformance.js';

describe('the event bus over PostgreSQL', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase('event_bus');
  });

  const admit = async (connections: boolean): Promise<void> => {
    const { serverUrl } = await testPostgres();
    await withClient(serverUrl, async (client) => {
      await client.query(`ALTER DATABASE ${client.escapeIdentifier(database.name)} ALLOW_CONNECTIONS ${connections}`);
      await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database.name]);
    });
  };

  describeConformance({
    options: () => ({ kind: 'postgres', url: database.url }),
    outage: { begin: () => admit(false), end: () => admit(true) },
  });
});

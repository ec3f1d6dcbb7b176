import { Module } from '@nestjs/common';
import { composeService, type RunningService } from '#platform/compose.js';
import { DatabaseModule } from '#platform/database/database.module.js';
import { createTestDatabase, type TestDatabase } from '#testing/infrastructure/test-database.js';
import { testEnv } from '#testing/grpc.js';
import { TestTokens } from '#testing/tokens.js';
import { EchoModule, echo } from './echo-service.js';

@Module({})
class WithDatabase {}

async function start(url: string, migrate: boolean): Promise<RunningService> {
  const { keySource } = await TestTokens.create();
  const database = DatabaseModule.forRoot({ url, poolSize: 2, applicationName: 'echo', entities: [], migrations: [] });
  const module = { module: WithDatabase, imports: [database, EchoModule] };
  const env = testEnv({ DATABASE_URL: url, MIGRATE_ON_START: String(migrate) });
  return composeService({ ...echo, module, env, keySource });
}

async function readiness(service: RunningService): Promise<{ ready: boolean; checks: Record<string, string> }> {
  const response = await fetch(`http://127.0.0.1:${service.httpPort}/readyz`);
  return (await response.json()) as { ready: boolean; checks: Record<string, string> };
}

describe('a service with a database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase('platform');
  });
  afterAll(() => database.drop());

  it('is not ready before the migrations are applied; replicas that start together apply them once', async () => {
    const early = await start(database.url, false);
    expect(await readiness(early)).toMatchObject({
      ready: false,
      checks: { database: 'ok', migrations: 'there are migrations that have not been applied' },
    });

    const replicas = await Promise.all([start(database.url, true), start(database.url, true)]);
    for (const service of [...replicas, early]) {
      expect(await readiness(service)).toMatchObject({ ready: true, checks: { database: 'ok', migrations: 'ok' } });
    }
    await Promise.all([...replicas, early].map((service) => service.close()));
  });
});

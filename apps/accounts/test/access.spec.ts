import { randomBytes } from 'node:crypto';
import { METHODS } from '#contracts/generated/access.js';
import { ROLES } from '#kernel/caller.js';
import { parseEnv } from '#platform/env.js';
import { type ServiceUnderTest, startService, TEST_ENV } from '#testing/grpc.js';
import { createTestDatabase, type TestDatabase } from '#testing/infrastructure/test-database.js';
import { reflectedMethods } from '#testing/reflection.js';
import { call } from '#testing/tenancy-walk.js';
import { AppModule } from '../src/app.module.js';
import { accountsEnv } from '../src/env.js';
import { BOOTSTRAP_KEY } from './accounts-harness.js';

const PACKAGE = 'priolane.accounts.v1';
const marks = Object.entries(METHODS).filter(([name]) => name.startsWith(`${PACKAGE}.`));

/** Who else's things are told is in tenancy.spec.ts; here the tokens are the test's own, so that every role has one. */
describe('who may call', () => {
  let databases: TestDatabase[] = [];
  let service: ServiceUnderTest;

  beforeAll(async () => {
    databases = await Promise.all([createTestDatabase('accounts'), createTestDatabase('accounts_bus')]);
    const env = parseEnv(accountsEnv, {
      ...TEST_ENV,
      DATABASE_URL: databases[0]!.url,
      EVENT_BUS_DATABASE_URL: databases[1]!.url,
      MIGRATE_ON_START: 'true',
      KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      BOOTSTRAP_ADMIN_KEY: BOOTSTRAP_KEY,
    });
    service = await startService({ name: 'accounts', packages: [PACKAGE], module: AppModule.forRoot(env), env });
  });
  afterAll(async () => {
    await service?.close();
    await Promise.all(databases.map((database) => database.drop()));
  });

  it('serves exactly the methods that have an access mark', async () => {
    const served = await reflectedMethods(service.grpcAddress, PACKAGE);
    expect(served.map((method) => method.name).sort()).toEqual(marks.map(([name]) => name).sort());
  });

  it.each(marks.filter(([, { roles }]) => roles.length > 0 && roles.length < ROLES.length))('%s: the roles of its mark', async (name, mark) => {
    for (const role of ROLES) {
      const said = await call(service, name, {}, { deskId: 'fleet', roles: [role] });
      expect({ role, refused: said.reason === 'ROLE_REQUIRED' }).toEqual({ role, refused: !mark.roles.includes(role) });
      if (!mark.roles.includes(role)) expect(said.status).toBe('PERMISSION_DENIED');
    }
  });
});

import { readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import type { AccountServiceClient } from '#contracts/generated/priolane/accounts/v1/account.js';
import type { ApiKeyServiceClient } from '#contracts/generated/priolane/accounts/v1/api_key.js';
import type { AuthServiceClient } from '#contracts/generated/priolane/accounts/v1/auth.js';
import type { DeskServiceClient } from '#contracts/generated/priolane/accounts/v1/desk.js';
import type { OrganisationServiceClient } from '#contracts/generated/priolane/accounts/v1/organisation.js';
import type { Role } from '#contracts/generated/priolane/common/v1/access.js';
import { newId } from '#kernel/ids.js';
import { composeService, type RunningService } from '#platform/compose.js';
import { parseEnv } from '#platform/env.js';
import { closeClient, createClient } from '#platform/grpc/client.js';
import { MutableClock } from '#testing/clock.js';
import { TEST_ENV } from '#testing/grpc.js';
import { withClient } from '#testing/infrastructure/databases.js';
import { createTestDatabase } from '#testing/infrastructure/test-database.js';
import { AppModule } from '../src/app.module.js';
import { SigningKeys } from '../src/credentials/signing-keys.js';
import { accountsEnv } from '../src/env.js';
import { SessionSweeper } from '../src/persistence/session-sweeper.js';

export const BOOTSTRAP_KEY = 'pk_bootstrap-for-tests';
export const PASSWORD = 'correct horse battery';

export type Clients = ReturnType<typeof connect>;

export interface StoredEvent {
  readonly type: string;
  readonly aggregateId: string;
  readonly sequence: number;
  readonly data: Record<string, unknown>;
}

export interface AccountsUnderTest {
  readonly clock: MutableClock;
  /** Without a token. */
  readonly anybody: Clients;
  /** The installation's admin, by the bootstrap key. */
  readonly admin: Clients;
  /** With a token, as text. */
  as(token: string): Clients;
  /** A further process on the same database, with the same clock and keys. */
  replica(): Promise<Clients>;
  events(aggregateId: string): Promise<StoredEvent[]>;
  rows<R extends object>(sql: string, values?: unknown[]): Promise<R[]>;
  /** What otherwise happens once an hour. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

export async function startAccounts(): Promise<AccountsUnderTest> {
  const database = await createTestDatabase('accounts');
  const bus = await createTestDatabase('accounts_bus');
  const clock = new MutableClock();
  const keyEncryptionKey = randomBytes(32).toString('base64');
  const clients: Clients[] = [];
  const services: RunningService[] = [];

  const start = async (): Promise<string> => {
    const env = parseEnv(accountsEnv, {
      ...TEST_ENV,
      DATABASE_URL: database.url,
      EVENT_BUS_DATABASE_URL: bus.url,
      MIGRATE_ON_START: 'true',
      KEY_ENCRYPTION_KEY: keyEncryptionKey,
      BOOTSTRAP_ADMIN_KEY: BOOTSTRAP_KEY,
    });
    const packages = ['priolane.accounts.v1'];
    const module = AppModule.forRoot(env);
    const running = await composeService({ name: 'accounts', packages, module, env, keySource: SigningKeys, clock });
    services.push(running);
    return running.grpcAddress;
  };
  const remember = (made: Clients): Clients => {
    clients.push(made);
    return made;
  };

  const address = await start();
  const anybody = remember(connect(address));
  const token = async (): Promise<string> => accessToken(await anybody.auth.exchangeApiKey({ apiKey: BOOTSTRAP_KEY }));
  const rows = <R extends object>(sql: string, values: unknown[] = []): Promise<R[]> =>
    withClient(database.url, async (client) => (await client.query<R>(sql, values)).rows);
  return {
    clock,
    anybody,
    admin: remember(connect(address, token)),
    as: (given) => remember(connect(address, () => given)),
    replica: async () => remember(connect(await start())),
    rows,
    events: (aggregateId) =>
      rows<StoredEvent>(
        `SELECT type, aggregate_id AS "aggregateId", sequence, data FROM outbox WHERE aggregate_id = $1 ORDER BY sequence`,
        [aggregateId],
      ),
    sweep: () => services[0]!.app.get(SessionSweeper, { strict: false }).sweep(),
    async close() {
      for (const made of clients) Object.values(made).forEach(closeClient);
      await Promise.all(services.map((service) => service.close()));
      await Promise.all([database.drop(), bus.drop()]);
    },
  };
}

function connect(address: string, token?: () => string | Promise<string>) {
  // argon2 on a busy machine takes its time.
  const options = { token, deadlineMs: 30_000 };
  return {
    auth: createClient<AuthServiceClient>('priolane.accounts.v1.AuthService', address, options),
    desks: createClient<DeskServiceClient>('priolane.accounts.v1.DeskService', address, options),
    organisations: createClient<OrganisationServiceClient>('priolane.accounts.v1.OrganisationService', address, options),
    accounts: createClient<AccountServiceClient>('priolane.accounts.v1.AccountService', address, options),
    apiKeys: createClient<ApiKeyServiceClient>('priolane.accounts.v1.ApiKeyService', address, options),
  };
}

export function deskFile(id: string): string {
  return readFileSync(new URL(`../../../desks/${id}.yaml`, import.meta.url), 'utf8');
}

export function accessToken(answer: { readonly tokens: { readonly accessToken: string } | null }): string {
  return answer.tokens!.accessToken;
}

export async function applyDesk(accounts: AccountsUnderTest, ...ids: string[]): Promise<void> {
  for (const id of ids) await accounts.admin.desks.applyDesk({ requestId: newId(), source: deskFile(id) });
}

export async function createOrganisation(accounts: AccountsUnderTest, deskId: string, packageId = ''): Promise<string> {
  const request = { requestId: newId(), deskId, name: 'Acme', packageId };
  return (await accounts.admin.organisations.createOrganisation(request)).organisation!.id;
}

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly clients: Clients;
}

/** A person with a password, signed in. */
export async function createPerson(
  accounts: AccountsUnderTest,
  person: { readonly deskId: string; readonly organisationId?: string; readonly email: string; readonly roles: Role[] },
): Promise<Person> {
  const { deskId, organisationId = '', email, roles } = person;
  const name = email.split('@')[0]!;
  const request = { requestId: newId(), deskId, organisationId, name, email, password: PASSWORD, roles, language: '' };
  const { account } = await accounts.admin.accounts.createAccount(request);
  const token = accessToken(await accounts.anybody.auth.signIn({ deskId, email, password: PASSWORD }));
  return { id: account!.id, email, clients: accounts.as(token) };
}

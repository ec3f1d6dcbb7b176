import type { Caller } from '#kernel/caller.js';
import type { Clock } from '#kernel/clock.js';
import { type Composition, composeService, type RunningService } from '#platform/compose.js';
import { type BaseEnv, baseEnv, parseEnv } from '#platform/env.js';
import { closeClient, createClient, type PromiseClient } from '#platform/grpc/client.js';
import { TestTokens } from './tokens.js';

/** A service under test, over real gRPC on a free port. */
export interface ServiceUnderTest extends RunningService {
  readonly tokens: TestTokens;
  /** A client that signs in as this caller, or without a token for `null`. */
  client<C extends object, Streams extends keyof C = never>(
    service: string,
    caller: Partial<Caller> | null,
  ): PromiseClient<C, Streams>;
}

export type TestComposition = Omit<Composition, 'env'> & { readonly env?: BaseEnv; readonly clock?: Clock };

/** Free ports, no logs below errors, and a database that nobody connects to unless the test brings one. */
export function testEnv(overrides: Readonly<Record<string, string>> = {}): BaseEnv {
  return parseEnv(baseEnv, { ...TEST_ENV, ...overrides });
}

export const TEST_ENV: Readonly<Record<string, string>> = {
  NODE_ENV: 'test',
  GRPC_URL: '127.0.0.1:0',
  HTTP_PORT: '0',
  LOG_LEVEL: 'fatal',
  EVENT_BUS: 'postgres',
  DATABASE_URL: 'postgres://localhost/none',
  EVENT_BUS_DATABASE_URL: 'postgres://localhost/none',
  SHUTDOWN_GRACE_MS: '1000',
};

/** Tests of a deadline set their own; for the others a busy machine is no failure. */
const PATIENCE_MS = 30_000;

export async function startService(composition: TestComposition): Promise<ServiceUnderTest> {
  const tokens = await TestTokens.create(composition.clock);
  const running = await composeService({
    keySource: tokens.keySource,
    ...composition,
    env: composition.env ?? testEnv(),
  });
  const clients: object[] = [];
  return {
    ...running,
    tokens,
    client<C extends object, Streams extends keyof C = never>(service: string, caller: Partial<Caller> | null) {
      const token = caller ? tokens.tokenFor(caller) : undefined;
      const client = createClient<C, Streams>(service, running.grpcAddress, {
        token: token && (() => token),
        protoRoots: composition.protoRoots,
        deadlineMs: PATIENCE_MS,
      });
      clients.push(client);
      return client;
    },
    async close() {
      await running.close().finally(() => clients.forEach(closeClient));
    },
  };
}

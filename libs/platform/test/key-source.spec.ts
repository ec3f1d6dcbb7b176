import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { Injectable, Module } from '@nestjs/common';
import { composeService, type RunningService } from '#platform/compose.js';
import { KeySource, type PublishedKey } from '#platform/auth/key-source.js';
import { closeClient, createClient } from '#platform/grpc/client.js';
import { serviceNamed } from '#platform/grpc/definition.js';
import { testEnv } from '#testing/grpc.js';
import { TestTokens } from '#testing/tokens.js';
import { ECHO, EchoModule, type EchoServiceClient, echo } from './echo-service.js';

async function callerAt(service: RunningService, tokens: TestTokens): Promise<string> {
  const client = createClient<EchoServiceClient>(ECHO, service.grpcAddress, { protoRoots: echo.protoRoots });
  try {
    return (await client.echo({}, { token: () => tokens.tokenFor({ roles: ['agent'], accountId: 'a-1' }) })).accountId;
  } finally {
    closeClient(client);
  }
}

describe('the signing keys come', () => {
  it('from accounts, over gRPC', async () => {
    const tokens = await TestTokens.create();
    const accounts = new Server();
    const methods: UntypedServiceImplementation = {
      listSigningKeys: async (_call: unknown, answer: (error: null, value: object) => void) =>
        answer(null, { keys: await tokens.keySource.list() }),
    };
    accounts.addService(serviceNamed('priolane.accounts.v1.AuthService'), methods);
    const port = await new Promise<number>((resolve, reject) => {
      const bound = (error: Error | null, at: number): void => (error ? reject(error) : resolve(at));
      accounts.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), bound);
    });
    const service = await composeService({ ...echo, env: testEnv({ ACCOUNTS_GRPC_URL: `127.0.0.1:${port}` }) });
    try {
      expect(await callerAt(service, tokens)).toBe('a-1');
    } finally {
      await service.close();
      accounts.forceShutdown();
    }
  });

  it('from a provider of the service itself, which is how accounts knows its own', async () => {
    const tokens = await TestTokens.create();

    @Injectable()
    class OwnKeys extends KeySource {
      list(): Promise<readonly PublishedKey[]> {
        return tokens.keySource.list();
      }
    }
    @Module({ imports: [EchoModule], providers: [OwnKeys] })
    class AccountsModule {}

    const service = await composeService({ ...echo, module: AccountsModule, env: testEnv(), keySource: OwnKeys });
    try {
      expect(await callerAt(service, tokens)).toBe('a-1');
    } finally {
      await service.close();
    }
  });
});

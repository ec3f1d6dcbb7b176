import { Metadata, status } from '@grpc/grpc-js';
import { SignJWT, UnsecuredJWT } from 'jose';
import type { Caller } from '#kernel/caller.js';
import { newId } from '#kernel/ids.js';
import { KeySource, type PublishedKey } from '#platform/auth/key-source.js';
import { createClient, type PromiseClient } from '#platform/grpc/client.js';
import type { RpcError } from '#platform/grpc/rpc-error.js';
import { MutableClock } from '#testing/clock.js';
import { type ServiceUnderTest, startService } from '#testing/grpc.js';
import { eventually } from '#testing/neighbours.js';
import { TestTokens } from '#testing/tokens.js';
import { ECHO, type EchoServiceClient, echo } from './echo-service.js';

describe('who may call', () => {
  const clock = new MutableClock();
  let service: ServiceUnderTest;
  let anybody: PromiseClient<EchoServiceClient>;

  beforeAll(async () => {
    service = await startService({ ...echo, clock });
    anybody = createClient<EchoServiceClient>(ECHO, service.grpcAddress, { protoRoots: echo.protoRoots });
  });
  afterAll(() => service.close());

  const callWith = (token: string) => anybody.echo({}, { token: () => token });
  const agentToken = (caller: Partial<Caller> = {}) => service.tokens.tokenFor({ roles: ['agent'], ...caller });

  it('a caller with one of the roles', async () => {
    expect(await callWith(await agentToken({ accountId: 'a-7' }))).toMatchObject({ accountId: 'a-7' });
    expect(await callWith(await service.tokens.tokenFor({ roles: ['customer', 'lead'] }))).toBeDefined();
  });

  it('nobody with other roles, and the refusal names those that would do', async () => {
    await expect(callWith(await service.tokens.tokenFor({ roles: ['customer', 'admin'] }))).rejects.toMatchObject({
      code: status.PERMISSION_DENIED,
      reason: 'ROLE_REQUIRED',
      metadata: { required: 'agent,lead' },
    });
  });

  it('nobody without a token', async () => {
    await expect(anybody.echo({})).rejects.toMatchObject({ code: status.UNAUTHENTICATED, reason: 'TOKEN_MISSING' });
  });

  it('nobody at or after the token’s end, by the injected clock, though the token was seen before', async () => {
    const token = await service.tokens.tokenFor({ roles: ['agent'] }, { lifetimeSeconds: 60 });
    await callWith(token);
    clock.advance(59_999);
    await callWith(token);
    clock.advance(1);
    const refused = { code: status.UNAUTHENTICATED, reason: 'TOKEN_EXPIRED' };
    await expect(callWith(token)).rejects.toMatchObject(refused);
    await expect(callWith(token)).rejects.toMatchObject(refused);
  });

  describe('nobody with a token that is', () => {
    const refused = { code: status.UNAUTHENTICATED, reason: 'TOKEN_INVALID' };

    it('no token', async () => {
      await expect(callWith('abc')).rejects.toMatchObject(refused);
    });

    it('changed after it was signed', async () => {
      const [header, payload, signature] = (await service.tokens.tokenFor({ roles: ['customer'] })).split('.');
      const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as object;
      const forged = Buffer.from(JSON.stringify({ ...claims, roles: ['agent'] })).toString('base64url');
      await expect(callWith(`${header}.${forged}.${signature}`)).rejects.toMatchObject(refused);
    });

    it('signed by another key under our key’s id', async () => {
      const stranger = await TestTokens.create(clock);
      const token = await stranger.tokenFor({ roles: ['agent'] }, { kid: service.tokens.kid });
      await expect(callWith(token)).rejects.toMatchObject(refused);
    });

    it('signed by a key that nobody publishes', async () => {
      const stranger = await TestTokens.create(clock);
      await expect(callWith(await stranger.tokenFor({ roles: ['agent'] }))).rejects.toMatchObject(refused);
    });

    it('of another issuer', async () => {
      const token = await service.tokens.tokenFor({ roles: ['agent'] }, { issuer: 'somebody' });
      await expect(callWith(token)).rejects.toMatchObject(refused);
    });

    it('not signed, or signed with a shared secret', async () => {
      const claims = { desk: 'fleet', name: 'n', email: 'e', roles: ['agent'] };
      const seconds = Math.floor(clock.now().getTime() / 1000);
      const unsigned = new UnsecuredJWT(claims).setIssuer('priolane').setSubject('a').setExpirationTime(seconds + 60);
      await expect(callWith(unsigned.encode())).rejects.toMatchObject(refused);
      const shared = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: service.tokens.kid })
        .setIssuer('priolane')
        .setSubject('a')
        .setExpirationTime(seconds + 60)
        .sign(Buffer.alloc(32, 1));
      await expect(callWith(shared)).rejects.toMatchObject(refused);
    });
  });

  it('anybody, where the method is public; a good token is recognised and a bad one ignored', async () => {
    expect(await anybody.announce({})).toEqual({ accountId: '' });
    expect(await anybody.announce({}, { token: () => 'abc' })).toEqual({ accountId: '' });
    const token = await agentToken({ accountId: 'a-9' });
    expect(await anybody.announce({}, { token: () => token })).toEqual({ accountId: 'a-9' });
  });

  it('does not mind how the scheme is written', async () => {
    const metadata = new Metadata();
    metadata.set('authorization', `BEARER ${await agentToken({ accountId: 'a-3' })}`);
    expect(await anybody.echo({}, { metadata })).toMatchObject({ accountId: 'a-3' });
  });
});

/** Accounts, as far as its keys go: it can rotate them and be down. */
class RotatingKeys extends KeySource {
  readonly published: PublishedKey[] = [];
  down = false;
  asked = 0;

  async add(tokens: TestTokens): Promise<void> {
    this.published.push(...(await tokens.keySource.list()));
  }

  async list(): Promise<readonly PublishedKey[]> {
    this.asked += 1;
    if (this.down) throw new Error('accounts is down');
    return [...this.published];
  }
}

function tokenOf(tokens: TestTokens): Promise<string> {
  return tokens.tokenFor({ roles: ['agent'], accountId: newId() });
}

describe('signing keys', () => {
  it('are asked for again when an unknown one appears, seldom, and are kept while accounts is down', async () => {
    const keys = new RotatingKeys();
    const first = await TestTokens.create();
    const second = await TestTokens.create();
    await keys.add(first);
    const begun = performance.now();
    const service = await startService({ ...echo, keySource: keys });
    const client = createClient<EchoServiceClient>(ECHO, service.grpcAddress, { protoRoots: echo.protoRoots });
    const callWith = (token: string) => client.echo({}, { token: () => token });
    try {
      await callWith(await tokenOf(first));
      await keys.add(second);
      const outcomeWith = async (tokens: TestTokens): Promise<string> =>
        callWith(await tokenOf(tokens)).then(() => 'OK', ({ reason }: RpcError) => reason);
      const outcomes = new Set<string>();
      await eventually('the second key', async () => {
        for (const outcome of await Promise.all(Array.from({ length: 20 }, () => outcomeWith(second)))) outcomes.add(outcome);
        return outcomes.has('OK');
      });
      expect([...outcomes].filter((outcome) => !['OK', 'TOKEN_INVALID'].includes(outcome))).toEqual([]);
      expect(keys.asked).toBeGreaterThan(1);
      expect(keys.asked).toBeLessThanOrEqual(1 + (performance.now() - begun) / 3_000);

      keys.down = true;
      const third = await TestTokens.create();
      await eventually('a refusal without the keys', async () => (await outcomeWith(third)) === 'SIGNING_KEYS_UNAVAILABLE');
      await expect(callWith(await tokenOf(third))).rejects.toMatchObject({ code: status.UNAVAILABLE });
      await callWith(await tokenOf(first));
      await callWith(await tokenOf(second));
    } finally {
      await service.close();
    }
  });
});

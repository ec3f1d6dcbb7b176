import { Role } from '#contracts/generated/priolane/common/v1/access.js';
import { newId } from '#kernel/ids.js';
import { refusalOf } from '#testing/refusal.js';
import {
  type AccountsUnderTest,
  accessToken,
  applyDesk,
  createOrganisation,
  createPerson,
  PASSWORD,
  startAccounts,
} from './accounts-harness.js';

const MINUTE = 60_000;

describe('AuthService', () => {
  let accounts: AccountsUnderTest;

  beforeAll(async () => {
    accounts = await startAccounts();
    await applyDesk(accounts, 'packages');
    const organisationId = await createOrganisation(accounts, 'packages', 'gold');
    await createPerson(accounts, { deskId: 'packages', organisationId, email: 'Kim@Acme.example', roles: [Role.ROLE_CUSTOMER] });
    await createPerson(accounts, { deskId: 'packages', email: 'ada@packages.example', roles: [Role.ROLE_ADMIN] });
  });
  afterAll(() => accounts.close());

  const signIn = (email: string, password = PASSWORD, deskId = 'packages') =>
    accounts.anybody.auth.signIn({ deskId, email, password });

  it('PKG-7 signs in with address and password, whatever the case of the address', async () => {
    const { tokens } = await signIn(' kim@ACME.example ');
    const me = await accounts.as(tokens!.accessToken).auth.whoAmI({});
    expect(me).toMatchObject({ deskId: 'packages', name: 'Kim', email: 'Kim@Acme.example', roles: [Role.ROLE_CUSTOMER] });
    expect(me.organisationId).not.toBe('');
    expect(Number(tokens!.accessExpiresAt!.seconds)).toBe(accounts.clock.now().getTime() / 1000 + 15 * 60);
    expect(Number(tokens!.refreshExpiresAt!.seconds)).toBe(accounts.clock.now().getTime() / 1000 + 12 * 3600);
  });

  it('PKG-7 answers the same to a wrong password, an unknown address and an unknown desk', async () => {
    const refusals = await Promise.all([
      refusalOf(signIn('kim@acme.example', 'wrong password!')),
      refusalOf(signIn('nobody@acme.example')),
      refusalOf(signIn('kim@acme.example', PASSWORD, 'no_such_desk')),
    ]);
    for (const { status, reason, message, metadata } of refusals) {
      expect({ status, reason, message, metadata }).toEqual({
        status: 'UNAUTHENTICATED',
        reason: 'SIGN_IN_REFUSED',
        message: 'the e-mail address or the password is wrong',
        metadata: {},
      });
    }
    await signIn('kim@acme.example');
  });

  it.each(['ada@packages.example', 'stranger@packages.example'])(
    'makes %s wait after five wrong attempts, even when guessed at the same time',
    async (email) => {
      const refusals = await Promise.all(Array.from({ length: 8 }, () => refusalOf(signIn(email, 'a wrong guess'))));
      expect(refusals.map((refusal) => refusal.reason).sort()).toEqual([
        ...Array.from({ length: 5 }, () => 'SIGN_IN_REFUSED'),
        ...Array.from({ length: 3 }, () => 'TOO_MANY_SIGN_INS'),
      ]);
      const refused = await refusalOf(signIn(email));
      expect(refused).toMatchObject({ status: 'RESOURCE_EXHAUSTED', metadata: { limit: '5', retry_after_seconds: '900' } });
      accounts.clock.advance(15 * MINUTE - 1);
      expect((await refusalOf(signIn(email))).reason).toBe('TOO_MANY_SIGN_INS');
      accounts.clock.advance(1);
      expect((await refusalOf(signIn(email, 'a wrong guess'))).reason).toBe('SIGN_IN_REFUSED');
    },
  );

  it('forgets the wrong attempts after the right one', async () => {
    for (let round = 0; round < 2; round += 1) {
      for (let i = 0; i < 4; i += 1) await refusalOf(signIn('kim@acme.example', 'a wrong guess'));
      await signIn('kim@acme.example');
    }
    expect(await accounts.rows(`SELECT 1 FROM sign_in_attempts WHERE email_key = 'kim@acme.example' AND desk_id = 'packages'`)).toEqual([]);
  });

  it('gives a new pair for a refresh token, within the session that began with signing in', async () => {
    const first = (await signIn('kim@acme.example')).tokens!;
    accounts.clock.advance(20 * MINUTE);
    expect((await refusalOf(accounts.as(first.accessToken).auth.whoAmI({}))).reason).toBe('TOKEN_EXPIRED');
    const second = (await accounts.anybody.auth.refreshToken({ refreshToken: first.refreshToken })).tokens!;
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.refreshExpiresAt).toEqual(first.refreshExpiresAt);
    expect((await accounts.as(second.accessToken).auth.whoAmI({})).name).toBe('Kim');
    accounts.clock.advance(12 * 60 * MINUTE);
    const refused = await refusalOf(accounts.anybody.auth.refreshToken({ refreshToken: second.refreshToken }));
    expect(refused).toMatchObject({ status: 'UNAUTHENTICATED', reason: 'REFRESH_REFUSED' });
  });

  it('ends the session when a refresh token is used twice', async () => {
    const first = (await signIn('kim@acme.example')).tokens!;
    const second = (await accounts.anybody.auth.refreshToken({ refreshToken: first.refreshToken })).tokens!;
    expect((await refusalOf(accounts.anybody.auth.refreshToken({ refreshToken: first.refreshToken }))).reason).toBe('REFRESH_REFUSED');
    expect((await refusalOf(accounts.anybody.auth.refreshToken({ refreshToken: second.refreshToken }))).reason).toBe('REFRESH_REFUSED');
    const [session] = await accounts.rows<{ reason: string }>(
      `SELECT end_reason AS reason FROM sessions WHERE ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 1`,
    );
    expect(session).toEqual({ reason: 'token_reuse' });
  });

  it('lets one of several who present the same refresh token through at most', async () => {
    const { refreshToken } = (await signIn('kim@acme.example')).tokens!;
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => accounts.anybody.auth.refreshToken({ refreshToken })));
    const won = results.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    const next = won[0]!.value.tokens!.refreshToken;
    expect((await refusalOf(accounts.anybody.auth.refreshToken({ refreshToken: next }))).reason).toBe('REFRESH_REFUSED');
  });

  it('forgets sessions and attempts a month after their end, and nothing that is open', async () => {
    await signIn('kim@acme.example');
    await refusalOf(signIn('nobody-at-all@acme.example'));
    accounts.clock.advance(31 * 24 * 60 * MINUTE);
    const { refreshToken } = (await signIn('kim@acme.example')).tokens!;
    await accounts.sweep();
    expect(await accounts.rows('SELECT 1 FROM sessions')).toHaveLength(1);
    expect(await accounts.rows('SELECT 1 FROM refresh_tokens')).toHaveLength(1);
    expect(await accounts.rows('SELECT 1 FROM sign_in_attempts')).toEqual([]);
    expect((await accounts.anybody.auth.refreshToken({ refreshToken })).tokens!.refreshToken).toMatch(/^rt_/);
  });

  it('stores neither passwords nor tokens in the clear', async () => {
    const { tokens } = await signIn('kim@acme.example');
    const [account] = await accounts.rows<{ hash: string }>(
      `SELECT password_hash AS hash FROM accounts WHERE email_key = 'kim@acme.example'`,
    );
    expect(account!.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const dump = JSON.stringify([
      await accounts.rows('SELECT encode(hash, $1) FROM refresh_tokens', ['escape']),
      await accounts.rows('SELECT encode(answer, $1) FROM idempotency', ['escape']),
    ]);
    expect(dump).not.toContain(tokens!.refreshToken);
    expect(dump).not.toContain(PASSWORD);
  });

  it('knows the installation admin by the bootstrap key, without a database row', async () => {
    expect(await accounts.admin.auth.whoAmI({})).toMatchObject({ deskId: '*', organisationId: '', roles: [Role.ROLE_ADMIN] });
    expect((await refusalOf(accounts.anybody.auth.exchangeApiKey({ apiKey: 'pk_something_else' }))).reason).toBe('API_KEY_REFUSED');
  });

  it('exchanges an API key until it is revoked or expires', async () => {
    const expiresAt = { seconds: String(accounts.clock.now().getTime() / 1000 + 3600), nanos: 0 };
    const request = { deskId: 'packages', name: 'Importer', roles: [Role.ROLE_INTEGRATOR], expiresAt };
    const short = await accounts.admin.apiKeys.createApiKey({ ...request, requestId: newId() });
    const long = await accounts.admin.apiKeys.createApiKey({ ...request, requestId: newId(), expiresAt: null });
    expect(short.secret).toMatch(/^pk_[\w-]{43}$/);
    const exchange = (apiKey: string) => accounts.anybody.auth.exchangeApiKey({ apiKey });

    const { tokens } = await exchange(short.secret);
    expect(tokens).toMatchObject({ refreshToken: '', refreshExpiresAt: null });
    const me = await accounts.as(tokens!.accessToken).auth.whoAmI({});
    expect(me).toMatchObject({ deskId: 'packages', accountId: short.apiKey!.id, name: 'Importer', roles: [Role.ROLE_INTEGRATOR] });

    accounts.clock.advance(60 * MINUTE);
    expect((await refusalOf(exchange(short.secret))).reason).toBe('API_KEY_REFUSED');
    await exchange(long.secret);
    const revoked = await accounts.admin.apiKeys.revokeApiKey({ requestId: newId(), apiKeyId: long.apiKey!.id });
    expect(revoked.apiKey!.revokedAt).not.toBeNull();
    expect(revoked.apiKey!.lastUsedAt).not.toBeNull();
    expect(await refusalOf(exchange(long.secret))).toMatchObject({ status: 'UNAUTHENTICATED', reason: 'API_KEY_REFUSED' });
  });

  it('gives the same API key again for the same request id, and stores it nowhere', async () => {
    const request = { requestId: newId(), deskId: 'packages', name: 'Twice', roles: [Role.ROLE_AGENT], expiresAt: null };
    const first = await accounts.admin.apiKeys.createApiKey(request);
    expect(await accounts.admin.apiKeys.createApiKey(request)).toEqual(first);
    const all = (await accounts.admin.apiKeys.listApiKeys({})).apiKeys.filter((key) => key.name === 'Twice');
    expect(all).toHaveLength(1);
    const answers = await accounts.rows<{ answer: Buffer }>('SELECT answer FROM idempotency');
    const hidden = answers.every(({ answer }) => !answer.includes(first.secret) && !answer.includes(first.secret, 0, 'utf16le'));
    expect(hidden).toBe(true);
  });

  it("keeps a desk's admin from making keys for everybody", async () => {
    const admin = accounts.as(accessToken(await signIn('ada@packages.example')));
    const request = { requestId: newId(), deskId: '', name: 'Mine', roles: [Role.ROLE_SERVICE], expiresAt: null };
    expect((await refusalOf(admin.apiKeys.createApiKey(request))).reason).toBe('ROLE_NOT_GRANTABLE');
    const everywhere = { ...request, roles: [Role.ROLE_ADMIN], deskId: '*' };
    expect((await refusalOf(admin.apiKeys.createApiKey(everywhere))).reason).toBe('DESK_NOT_FOUND');
    const own = await admin.apiKeys.createApiKey({ ...request, requestId: newId(), roles: [Role.ROLE_ADMIN] });
    expect(own.apiKey!.deskId).toBe('packages');
  });
});

import { decodeProtectedHeader } from 'jose';
import { refusalOf } from '#testing/refusal.js';
import {
  type AccountsUnderTest,
  accessToken,
  BOOTSTRAP_KEY,
  type Clients,
  startAccounts,
} from './accounts-harness.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const token = async (clients: Clients): Promise<string> => accessToken(await clients.auth.exchangeApiKey({ apiKey: BOOTSTRAP_KEY }));
const kidOf = (text: string): string => decodeProtectedHeader(text).kid!;
const published = async (clients: Clients): Promise<string[]> =>
  (await clients.auth.listSigningKeys({})).keys.map((key) => key.kid).sort();

describe('signing keys of two replicas', () => {
  let accounts: AccountsUnderTest;
  let replicas: Clients[];

  beforeAll(async () => {
    accounts = await startAccounts();
    replicas = [accounts.anybody, await accounts.replica()];
  });
  afterAll(() => accounts.close());

  it('are made once: a current one and the next', async () => {
    const [one, other] = await Promise.all(replicas.map(published));
    expect(one).toHaveLength(2);
    expect(other).toEqual(one);
    const [first, second] = await Promise.all(replicas.map(token));
    expect(kidOf(first!)).toBe(kidOf(second!));
  });

  it('are published as Ed25519 public keys, and stored sealed', async () => {
    const { keys } = await accounts.anybody.auth.listSigningKeys({});
    for (const { kid, jwk } of keys) {
      expect(JSON.parse(jwk)).toEqual({ kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid, alg: 'EdDSA', use: 'sig' });
    }
    const rows = await accounts.rows<{ sealed: Buffer }>('SELECT sealed_private_jwk AS sealed FROM signing_keys');
    for (const { sealed } of rows) expect(sealed.toString('latin1')).not.toMatch(/kty|OKP|"d"/);
  });

  it('rotate after their time, and old tokens live on until they expire', async () => {
    const before = await published(accounts.anybody);
    const current = kidOf(await token(accounts.anybody));
    const next = before.find((kid) => kid !== current)!;
    accounts.clock.advance(30 * DAY - 10 * MINUTE);
    const old = await token(accounts.anybody);
    expect(kidOf(old)).toBe(current);
    accounts.clock.advance(10 * MINUTE);
    const tokens = await Promise.all([...replicas, ...replicas].map(token));
    expect(new Set(tokens.map(kidOf))).toEqual(new Set([next]));
    const after = await published(accounts.anybody);
    expect(after).toHaveLength(3);
    expect(after).toEqual(expect.arrayContaining(before));
    expect(await published(replicas[1]!)).toEqual(after);

    expect(await accounts.as(old).auth.whoAmI({})).toMatchObject({ deskId: '*' });
    expect(await accounts.as(tokens[1]!).auth.whoAmI({})).toMatchObject({ deskId: '*' });
    accounts.clock.advance(5 * MINUTE);
    expect((await refusalOf(accounts.as(old).auth.whoAmI({}))).reason).toBe('TOKEN_EXPIRED');
  });

  it('are removed when no token of theirs can live any more', async () => {
    const during = await published(accounts.anybody);
    expect(during).toHaveLength(3);
    accounts.clock.advance(60 * MINUTE);
    await token(replicas[1]!);
    expect(await published(accounts.anybody)).toHaveLength(2);
  });

  it('are made once when many ask an empty table at the same time', async () => {
    await accounts.rows('DELETE FROM signing_keys');
    accounts.clock.advance(2 * MINUTE);
    const lists = await Promise.all([...replicas, ...replicas, ...replicas].map(published));
    expect(new Set(lists.map(String)).size).toBe(1);
    expect(lists[0]).toHaveLength(2);
  });
});

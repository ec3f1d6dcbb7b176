import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Caller } from '#kernel/caller.js';
import { type Clock, SystemClock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { KeySource, type PublishedKey } from '#platform/auth/key-source.js';
import { TOKEN_ISSUER } from '#platform/auth/token-verifier.js';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

export interface TokenOptions {
  /** From now on; default 15 minutes. */
  readonly lifetimeSeconds?: number;
  readonly issuer?: string;
  /** Default: the key that `keySource` publishes. */
  readonly kid?: string;
}

/** Makes access tokens as accounts does, with a key pair of its own. */
export class TestTokens {
  private constructor(
    private readonly pair: KeyPair,
    private readonly clock: Clock,
    readonly kid: string,
  ) {}

  static async create(clock: Clock = new SystemClock()): Promise<TestTokens> {
    return new TestTokens(await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true }), clock, newId());
  }

  /** Publishes the public key; hand it to the service under test. */
  get keySource(): KeySource {
    const publicKey = async (): Promise<PublishedKey[]> => [
      { kid: this.kid, jwk: JSON.stringify(await exportJWK(this.pair.publicKey)) },
    ];
    return new (class extends KeySource {
      list(): Promise<readonly PublishedKey[]> {
        return publicKey();
      }
    })();
  }

  /** A token for a customer of a fresh organisation, unless told otherwise. */
  tokenFor(caller: Partial<Caller> = {}, options: TokenOptions = {}): Promise<string> {
    const { lifetimeSeconds = 900, issuer = TOKEN_ISSUER, kid = this.kid } = options;
    const now = Math.floor(this.clock.now().getTime() / 1000);
    const full = testCaller(caller);
    const claims = {
      desk: full.deskId,
      org: full.organisationId,
      name: full.name,
      email: full.email,
      roles: [...full.roles],
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setIssuer(issuer)
      .setSubject(full.accountId)
      .setIssuedAt(now)
      .setExpirationTime(now + lifetimeSeconds)
      .setJti(newId())
      .sign(this.pair.privateKey);
  }
}

/** A whole caller from the parts that matter to a test. Customers and account managers get an organisation. */
export function testCaller(parts: Partial<Caller> = {}): Caller {
  const roles = parts.roles ?? ['customer'];
  const belongs = roles.some((role) => role === 'customer' || role === 'account_manager');
  return {
    deskId: 'fleet',
    accountId: newId(),
    name: 'Kim Customer',
    email: 'kim@example.com',
    ...(belongs ? { organisationId: newId() } : {}),
    ...parts,
    roles,
  };
}

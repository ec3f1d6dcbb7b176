import { errors, jwtVerify, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { type Caller, ROLES } from '#kernel/caller.js';
import type { Clock } from '#kernel/clock.js';
import { DomainError } from '#kernel/errors.js';
import type { KeyRing } from './key-ring.js';

export const TOKEN_ISSUER = 'priolane';

interface Verified {
  readonly caller: Caller;
  readonly expiresAt: number;
}

const claims = z.object({
  sub: z.string().min(1),
  desk: z.string().min(1),
  org: z.string().min(1).optional(),
  name: z.string(),
  email: z.string(),
  roles: z.array(z.enum(ROLES)),
  exp: z.number(),
  iat: z.number(),
  jti: z.string().min(1),
});

/**
 * Access tokens: JWTs signed with Ed25519. A verified token is remembered until it expires, so that the usual call costs
 * a look-up; a key that is withdrawn early therefore ends new tokens, not those already seen.
 */
export class TokenVerifier {
  private readonly verified = new LRUCache<string, Verified>({ max: 10_000 });

  constructor(
    private readonly keys: KeyRing,
    private readonly clock: Clock,
  ) {}

  /** At once for a token that was seen before. Expired means: now is at or after `exp`. */
  verify(token: string): Caller | Promise<Caller> {
    const known = this.verified.get(token);
    if (!known) return this.check(token);
    if (this.clock.now().getTime() < known.expiresAt) return known.caller;
    this.verified.delete(token);
    throw expired();
  }

  private async check(token: string): Promise<Caller> {
    const payload = claims.safeParse(await this.payload(token));
    if (!payload.success) throw invalidToken();
    const { sub, desk, org, name, email, roles, exp } = payload.data;
    const caller: Caller = Object.freeze({ deskId: desk, organisationId: org, accountId: sub, name, email, roles });
    this.verified.set(token, { caller, expiresAt: exp * 1000 });
    return caller;
  }

  private async payload(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => this.keyNamed(kid), {
        issuer: TOKEN_ISSUER,
        algorithms: ['EdDSA', 'Ed25519'],
        currentDate: this.clock.now(),
      });
      return payload;
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw error instanceof errors.JWTExpired ? expired() : invalidToken(error);
    }
  }

  private async keyNamed(kid: string | undefined): Promise<NonNullable<Awaited<ReturnType<KeyRing['find']>>>> {
    const key = kid === undefined ? undefined : await this.keys.find(kid);
    if (!key) throw invalidToken();
    return key;
  }
}

function expired(): DomainError {
  return new DomainError('UNAUTHENTICATED', 'TOKEN_EXPIRED', 'the access token has expired');
}

/** Never says what exactly is wrong: that would help only a forger. */
function invalidToken(cause?: unknown): DomainError {
  return new DomainError('UNAUTHENTICATED', 'TOKEN_INVALID', 'the access token is not valid', { cause });
}

import { Injectable } from '@nestjs/common';
import { SignJWT } from 'jose';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { TOKEN_ISSUER } from '#platform/auth/token-verifier.js';
import type { PrivateKey } from './signing-key-pair.js';
import { SigningKeys } from './signing-keys.js';

const LIFETIME_SECONDS = 15 * 60;

export interface AccessToken {
  readonly token: string;
  readonly expiresAt: Date;
}

export type Sign = (caller: Caller) => Promise<AccessToken>;

/** Short-lived, so that what changes about an account is known everywhere within a quarter of an hour. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
  ) {}

  /** Reads the key, if need be, before a transaction begins: inside, it would wait for a second connection. */
  async signer(): Promise<Sign> {
    const { kid, key } = await this.keys.current();
    return (caller) => this.sign(caller, kid, key);
  }

  private async sign(caller: Caller, kid: string, key: PrivateKey): Promise<AccessToken> {
    const issuedAt = Math.floor(this.clock.now().getTime() / 1000);
    const expiresAt = issuedAt + LIFETIME_SECONDS;
    const { deskId: desk, organisationId: org, name, email } = caller;
    const token = await new SignJWT({ desk, org, name, email, roles: [...caller.roles] })
      .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt' })
      .setIssuer(TOKEN_ISSUER)
      .setSubject(caller.accountId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .setJti(newId())
      .sign(key);
    return { token, expiresAt: new Date(expiresAt * 1000) };
  }
}

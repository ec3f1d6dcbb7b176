import type { Transaction } from '#platform/database/transaction.js';
import type { Sign } from '../credentials/access-tokens.js';
import { newSecret, secretHash } from '../credentials/secrets.js';
import type { AccountView } from '../persistence/account.queries.js';
import { insertRefreshToken } from '../persistence/session.repository.js';

export interface TokenPair {
  readonly accessToken: string;
  readonly accessExpiresAt: Date;
  /** Empty for API keys. */
  readonly refreshToken: string;
  readonly refreshExpiresAt: Date | null;
}

export interface OpenSession {
  readonly id: string;
  readonly expiresAt: Date;
}

/** A pair for an account: every pair has a refresh token of its own, and the session's end is the end of all. */
export async function issueTokens(
  tx: Transaction,
  sign: Sign,
  account: AccountView,
  session: OpenSession,
  now: Date,
): Promise<TokenPair> {
  const refreshToken = newSecret('rt');
  insertRefreshToken(tx, secretHash(refreshToken), session.id, now);
  const access = await sign({
    deskId: account.deskId,
    organisationId: account.organisationId ?? undefined,
    accountId: account.id,
    name: account.name,
    email: account.email,
    roles: account.roles,
  });
  return {
    accessToken: access.token,
    accessExpiresAt: access.expiresAt,
    refreshToken,
    refreshExpiresAt: session.expiresAt,
  };
}

import type { Transaction } from '#platform/database/transaction.js';
import type { PresentedToken } from '../domain/session.js';
import type { Attempts } from '../domain/sign-in.js';
import type { AccountView } from './account.queries.js';
import { RefreshTokenEntity, SessionEntity, SignInAttemptsEntity } from './session.entity.js';

/** Locks the counter of one address, made where there is none. */
export async function lockAttempts(tx: Transaction, deskId: string, emailKey: string): Promise<Attempts | undefined> {
  tx.execute(
    `INSERT INTO sign_in_attempts (desk_id, email_key, count, last_at) VALUES ($1, $2, 0, 'epoch') ON CONFLICT DO NOTHING`,
    [deskId, emailKey],
  );
  const [row] = await tx.query<Attempts>(
    'SELECT count, last_at AS "lastAt" FROM sign_in_attempts WHERE desk_id = $1 AND email_key = $2 FOR NO KEY UPDATE',
    [deskId, emailKey],
  );
  return row?.count === 0 ? undefined : row;
}

export function writeAttempts(tx: Transaction, deskId: string, emailKey: string, attempts: Attempts): void {
  tx.update(SignInAttemptsEntity, { deskId, emailKey }, { count: attempts.count, lastAt: attempts.lastAt });
}

export function clearAttempts(tx: Transaction, deskId: string, emailKey: string): void {
  tx.execute('DELETE FROM sign_in_attempts WHERE desk_id = $1 AND email_key = $2', [deskId, emailKey]);
}

export function insertSession(
  tx: Transaction,
  session: { readonly id: string; readonly accountId: string; readonly startedAt: Date; readonly expiresAt: Date },
): void {
  tx.insert(SessionEntity, session);
}

export function insertRefreshToken(tx: Transaction, hash: Buffer, sessionId: string, issuedAt: Date): void {
  tx.insert(RefreshTokenEntity, { hash, sessionId, issuedAt });
}

export type LockedRefreshToken = PresentedToken & { readonly sessionId: string; readonly account: AccountView };

/** Token and session, locked: of two who present the same token, the second sees that it was used. */
export async function lockRefreshToken(tx: Transaction, hash: Buffer): Promise<LockedRefreshToken | undefined> {
  const [row] = await tx.query<LockedRefreshToken & AccountView & { accountId: string }>(
    `SELECT t.used_at AS "usedAt", s.id AS "sessionId", s.ended_at AS "sessionEndedAt", s.expires_at AS "sessionExpiresAt",
       a.id AS "accountId", a.desk_id AS "deskId", a.organisation_id AS "organisationId", a.name, a.email, a.roles,
       a.language, a.state, a.created_at AS "createdAt"
     FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN accounts a ON a.id = s.account_id
     WHERE t.hash = $1 FOR NO KEY UPDATE OF t, s`,
    [hash],
  );
  if (!row) return undefined;
  const { usedAt, sessionId, sessionEndedAt, sessionExpiresAt, accountId, ...account } = row;
  return {
    usedAt,
    sessionId,
    sessionEndedAt,
    sessionExpiresAt,
    accountState: account.state,
    account: { ...account, id: accountId },
  };
}

export function markUsed(tx: Transaction, hash: Buffer, usedAt: Date): void {
  tx.update(RefreshTokenEntity, { hash }, { usedAt });
}

export function endSession(tx: Transaction, id: string, endedAt: Date, endReason: string): void {
  tx.update(SessionEntity, { id }, { endedAt, endReason });
}

export function endSessionsOf(tx: Transaction, accountId: string, endedAt: Date, endReason: string): void {
  tx.execute('UPDATE sessions SET ended_at = $2, end_reason = $3 WHERE account_id = $1 AND ended_at IS NULL', [
    accountId,
    endedAt,
    endReason,
  ]);
}

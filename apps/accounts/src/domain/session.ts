import { DomainError } from '#kernel/errors.js';
import type { AccountState } from './account-state.js';

export interface PresentedToken {
  readonly usedAt: Date | null;
  readonly sessionEndedAt: Date | null;
  readonly sessionExpiresAt: Date;
  readonly accountState: AccountState;
}

/**
 * What a presented refresh token leads to. One that was used before is in the wrong hands, or was: the session ends for
 * both who hold it.
 */
export function judgeRefreshToken(token: PresentedToken, now: Date): 'renew' | 'end_session' | 'refuse' {
  if (token.sessionEndedAt !== null || token.accountState !== 'active') return 'refuse';
  if (token.usedAt !== null) return 'end_session';
  return now.getTime() < token.sessionExpiresAt.getTime() ? 'renew' : 'refuse';
}

export function refreshRefused(): DomainError {
  return new DomainError('UNAUTHENTICATED', 'REFRESH_REFUSED', 'the refresh token is not valid: sign in again');
}

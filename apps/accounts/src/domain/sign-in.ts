import { parseDuration } from '#kernel/desk/duration.js';
import type { SignInPolicy } from '#kernel/desk/people.js';
import { DomainError } from '#kernel/errors.js';

/** Attempts at one address, whether or not somebody has it. */
export interface Attempts {
  readonly count: number;
  readonly lastAt: Date;
}

/** In force for a desk that does not exist, so that it answers like one that does. */
export const DEFAULT_ATTEMPTS: SignInPolicy['attempts'] = { count: 5, wait: 'PT15M' };

/**
 * Counts an attempt before its password is looked at, so that guesses made at the same time are counted too. Refused
 * attempts are not counted: nobody can keep somebody else locked out by going on.
 */
export function admitAttempt(policy: SignInPolicy['attempts'], before: Attempts | undefined, now: Date): Attempts {
  if (before === undefined) return { count: 1, lastAt: now };
  const opensAt = before.lastAt.getTime() + parseDuration(policy.wait) * 1000;
  if (now.getTime() >= opensAt) return { count: 1, lastAt: now };
  if (before.count < policy.count) return { count: before.count + 1, lastAt: now };
  const seconds = Math.ceil((opensAt - now.getTime()) / 1000);
  throw new DomainError('EXHAUSTED', 'TOO_MANY_SIGN_INS', `too many attempts: try again in ${seconds} s`, {
    metadata: { retry_after_seconds: String(seconds), limit: String(policy.count) },
  });
}

/** The one answer to a wrong password, an unknown address, an unknown desk and a closed account. */
export function signInRefused(): DomainError {
  return new DomainError('UNAUTHENTICATED', 'SIGN_IN_REFUSED', 'the e-mail address or the password is wrong');
}

export function sessionExpiry(policy: SignInPolicy, now: Date): Date {
  return new Date(now.getTime() + parseDuration(policy.sessionExpiresAfter) * 1000);
}

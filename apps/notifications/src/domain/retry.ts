export interface RetryPolicy {
  readonly attempts: number;
  readonly firstPauseMs: number;
}

const LONGEST_PAUSE_MS = 60 * 60_000;

/** Milliseconds until the next attempt after so many failed ones; undefined: no more. */
export function pauseAfter(attempts: number, policy: RetryPolicy): number | undefined {
  if (attempts >= policy.attempts) return undefined;
  return Math.min(policy.firstPauseMs * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
}

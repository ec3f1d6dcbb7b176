import type { DomainError } from '#kernel/errors.js';
import { admitAttempt, type Attempts } from './sign-in.js';

const policy = { count: 3, wait: 'PT1M' };
const at = (second: number): Date => new Date(second * 1000);

function attempt(before: Attempts | undefined, second: number): Attempts | DomainError {
  try {
    return admitAttempt(policy, before, at(second));
  } catch (error) {
    return error as DomainError;
  }
}

describe('attempts to sign in', () => {
  it('are admitted up to the limit, and then wait since the last one', () => {
    let known: Attempts | undefined;
    for (const second of [0, 10, 20]) known = admitAttempt(policy, known, at(second));
    expect(known).toEqual({ count: 3, lastAt: at(20) });
    expect(attempt(known, 50)).toMatchObject({
      kind: 'EXHAUSTED',
      reason: 'TOO_MANY_SIGN_INS',
      metadata: { retry_after_seconds: '30', limit: '3' },
    });
  });

  it('begin anew when the wait is over, to the instant', () => {
    const known = { count: 3, lastAt: at(20) };
    expect(attempt(known, 79.999)).toMatchObject({ reason: 'TOO_MANY_SIGN_INS' });
    expect(attempt(known, 80)).toEqual({ count: 1, lastAt: at(80) });
  });

  it('are forgotten after a quiet time, also below the limit', () => {
    expect(attempt({ count: 2, lastAt: at(0) }, 60)).toEqual({ count: 1, lastAt: at(60) });
  });
});

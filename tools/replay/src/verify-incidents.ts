import { setTimeout as sleep } from 'node:timers/promises';
import { from, lastValueFrom, mergeMap, toArray } from 'rxjs';
import type { Difference } from './compare-clocks.js';
import type { ExpectedIncident } from './expected.js';

export interface Failure {
  readonly number: string;
  /** Why nothing could be compared; empty where something was. */
  readonly problem: string;
  readonly differences: readonly Difference[];
}

/** Does not go away by waiting. */
export const NOT_IMPORTED = 'was not imported';

export interface Patience {
  /** How long clocks that are not as expected may still become so, while events are on their way. */
  readonly waitMs: number;
  /** Wrong answers that stay the same for so long are the last word. */
  readonly settledMs: number;
  readonly pauseMs: number;
}

type Check = (incident: ExpectedIncident) => Promise<Failure | undefined>;

const AT_ONCE = 16;

/**
 * Answers with the incidents that failed. Those that are wrong are asked about again until they change no more or the
 * time is up; then every one is asked once more, so that one that was right only on its way counts as what it is.
 */
export async function verifyIncidents(
  expected: readonly ExpectedIncident[],
  check: Check,
  patience: Patience,
  onPassed: (count: number) => void,
): Promise<Failure[]> {
  const round = async (incidents: readonly ExpectedIncident[]): Promise<Failure[]> => {
    const results = await lastValueFrom(from(incidents).pipe(mergeMap(check, AT_ONCE), toArray()), { defaultValue: [] });
    const failures = new Map(results.flatMap((failure) => (failure ? [[failure.number, failure] as const] : [])));
    onPassed(expected.length - failures.size);
    return incidents.flatMap(({ number }) => failures.get(number) ?? []);
  };

  const begin = performance.now();
  let changedAt = begin;
  let known = '';
  let left = expected;
  for (;;) {
    const failures = await round(left);
    const numbers = new Set(failures.map(({ number }) => number));
    left = left.filter(({ number }) => numbers.has(number));
    const now = performance.now();
    const answers = JSON.stringify(failures);
    if (answers !== known) changedAt = now;
    known = answers;
    const isFinal = failures.every(({ problem }) => problem === NOT_IMPORTED);
    if (isFinal || now - begin >= patience.waitMs || now - changedAt >= patience.settledMs) return round(expected);
    await sleep(patience.pauseMs);
  }
}

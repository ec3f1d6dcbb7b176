import { isFinished, pendingDue, type Clock, type Instant, type Target } from './clock.js';
import { computeClocks } from './compute-clocks.js';
import type { Fact } from './facts.js';
import type { PolicySnapshot, PolicyTimeline } from './policy-timeline.js';

/** What a changed policy or calendar would do to one open clock. */
export interface SimulatedClock {
  readonly target: Target;
  readonly cycle: number;
  /**
   * `breaches`: in time now, and not then. `recovers`: the other way round. `moved`: due at another instant, or no
   * longer, or newly.
   */
  readonly outcome: 'moved' | 'breaches' | 'recovers' | 'unchanged';
  readonly oldDueAt?: Instant;
  readonly newDueAt?: Instant;
}

/**
 * The open clocks of a ticket as they are, beside what they would be with the candidate applied at `at`: exactly what
 * applying it then would do. Changes nothing.
 */
export function simulatePolicy(
  facts: readonly Fact[],
  timeline: PolicyTimeline,
  candidate: PolicySnapshot,
  at: Instant,
): SimulatedClock[] {
  const before = timeline.snapshots.filter((snapshot) => snapshot.appliedAt <= at);
  const as = (snapshots: readonly PolicySnapshot[]): readonly Clock[] =>
    computeClocks({ facts, timeline: { ...timeline, snapshots }, now: at }).clocks;
  const old = as(before);
  return as([...before, { ...candidate, appliedAt: at }]).flatMap((changed) => {
    const was = old.find((clock) => clock.target === changed.target && clock.cycle === changed.cycle);
    return was !== undefined && isFinished(was) ? [] : [compare(was, changed)];
  });
}

function compare(was: Clock | undefined, now: Clock): SimulatedClock {
  const oldDueAt = was && pendingDue(was);
  const newDueAt = pendingDue(now);
  return {
    target: now.target,
    cycle: now.cycle,
    outcome: outcomeOf(was, now, oldDueAt !== newDueAt),
    ...(oldDueAt === undefined ? {} : { oldDueAt }),
    ...(newDueAt === undefined ? {} : { newDueAt }),
  };
}

function outcomeOf(was: Clock | undefined, now: Clock, moves: boolean): SimulatedClock['outcome'] {
  const wasBreached = was?.breachedAt !== undefined;
  const isBreached = now.breachedAt !== undefined;
  if (isBreached !== wasBreached) return isBreached ? 'breaches' : 'recovers';
  return moves ? 'moved' : 'unchanged';
}

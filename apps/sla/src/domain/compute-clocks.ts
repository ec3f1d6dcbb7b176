import { TARGETS, type Clock, type Instant, type Target } from './clock.js';
import { tellStory, type Fact } from './facts.js';
import { lifecycleTimers, type LifecycleTimer } from './lifecycle.js';
import { notPromised, type PolicyTimeline } from './policy-timeline.js';
import type { PendingInstant, TicketClock } from './ticket-clock.js';
import { TicketFold } from './ticket-fold.js';

export interface TicketHistory {
  /** In any order, repetitions allowed. */
  readonly facts: readonly Fact[];
  readonly timeline: PolicyTimeline;
  readonly now: Instant;
}

/** When to compute a ticket again, if no fact comes first. */
export type Timer = ClockTimer | LifecycleTimer;

export interface ClockTimer extends PendingInstant {
  readonly target: Target;
  readonly cycle: number;
}

export interface TicketClocks {
  /** By target, then cycle. */
  readonly clocks: readonly Clock[];
  /** Earliest first. Clock timers lie after `now`; lifecycle timers may have passed. */
  readonly timers: readonly Timer[];
  /** What the desk states not to promise this ticket (OFC-11). */
  readonly notPromised: readonly Target[];
  /**
   * A fact is still on its way. The clocks are then as of the last fact before it, nothing later is decided, and there
   * are no timers: the missing fact will bring them. `reconcile` records nothing meanwhile.
   */
  readonly missingSequence?: number;
}

/**
 * The clocks of a ticket: a fold over its facts. The order in which facts arrive, repetitions and how late anybody looks
 * make no difference (SLA-9, SLA-10, SLA-12): the same facts, timeline and instant give the same result, key by key.
 */
export function computeClocks(history: TicketHistory): TicketClocks {
  const gone = goThrough(history);
  if (gone === undefined) return { clocks: [], timers: [], notPromised: [], ...(history.facts.length > 0 && { missingSequence: 1 }) };
  const { fold, numbered, asOf, missingSequence } = gone;
  const clocks = numbered.map(({ clock, cycle }) => clock.toClock(cycle, asOf));
  const promisedNot = notPromised(fold.line);
  if (missingSequence !== undefined) return { clocks, timers: [], notPromised: promisedNot, missingSequence };
  const timers: Timer[] = numbered.flatMap(({ clock, cycle }) =>
    clock.pending().map((pending): ClockTimer => ({ ...pending, target: clock.target, cycle })),
  );
  timers.push(...lifecycleTimers(fold.snapshot.lifecycle, fold));
  timers.sort((a, b) => a.at - b.at);
  return { clocks, timers, notPromised: promisedNot };
}

export interface NumberedClock {
  readonly clock: TicketClock;
  readonly cycle: number;
}

export interface FoldedTicket {
  readonly fold: TicketFold;
  /** Those that were ever promised, by target, then cycle. */
  readonly numbered: readonly NumberedClock[];
  /** Up to when everything is known. */
  readonly asOf: Instant;
  readonly missingSequence?: number;
}

/** None before the opening is known. */
export function goThrough({ facts, timeline, now }: TicketHistory): FoldedTicket | undefined {
  const story = tellStory(facts);
  if (story === undefined) return undefined;
  const fold = new TicketFold(story.opened, timeline);
  for (const fact of story.facts) fold.apply(fact);
  const { missingSequence } = story;
  // What is missing may have happened right after the last fact: whatever is due from there on is not decided yet.
  if (missingSequence !== undefined) return { fold, numbered: numberClocks(fold), asOf: fold.at, missingSequence };
  const asOf = Math.max(now, fold.at);
  fold.passTo(asOf, now >= fold.at);
  return { fold, numbered: numberClocks(fold), asOf };
}

function numberClocks(fold: TicketFold): NumberedClock[] {
  return TARGETS.flatMap((target) =>
    fold.clocks
      .filter((clock) => clock.target === target && clock.isVisible)
      .map((clock, index) => ({ clock, cycle: index + 1 })),
  );
}

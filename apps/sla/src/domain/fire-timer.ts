import type { Clock, Instant } from './clock.js';
import type { Breached, Warned } from './clock-events.js';

/** A clock's timer that has run out. */
export interface DueClockTimer {
  readonly kind: 'warn' | 'breach';
  /** Which of the clock's warnings; empty for the breach. */
  readonly key: string;
  readonly at: Instant;
}

/** What firing looks at. */
export type RunningClock = Pick<Clock, 'target' | 'cycle' | 'state' | 'dueAt' | 'breachedAt' | 'breaches' | 'warnings'>;

export interface Fired {
  readonly clock: RunningClock;
  readonly event: Warned | Breached;
}

/**
 * What recording the clock anew would give when nothing else has happened since it was recorded, without going through
 * the ticket's facts. Nothing for a warning that comes after the breach.
 */
export function fireTimer(clock: RunningClock, timer: DueClockTimer): Fired | undefined {
  if (clock.state !== 'RUNNING') return undefined;
  const { target, cycle } = clock;
  const { at, key } = timer;
  if (timer.kind === 'warn') {
    const due = clock.dueAt === undefined ? {} : { dueAt: clock.dueAt };
    return {
      clock: { ...clock, warnings: [...clock.warnings, { key, at }] },
      event: { type: 'clock.warned', target, cycle, ...due, key, occurredAt: at },
    };
  }
  return {
    clock: { ...clock, state: 'BREACHED', breachedAt: at, breaches: [...clock.breaches, { at, dueAt: at }] },
    event: { type: 'clock.breached', target, cycle, dueAt: at, occurredAt: at },
  };
}

/** Whole seconds since 1970. Business time is exact to the second: fractions are dropped before anything is computed. */
export type Instant = number;

/** The five targets, by the names they have in events and answers; clocks are listed in this order. */
export const TARGETS = ['first_response', 'next_response', 'periodic_update', 'resolution', 'cut_off'] as const;
export type Target = (typeof TARGETS)[number];

/**
 * RUNNING and PAUSED: still to be reached, in time so far. BREACHED: the due instant passed first, whether the target was
 * reached later (`satisfiedAt`) or not. MET: reached in time. CANCELLED: ended without a verdict.
 */
export type ClockState = 'RUNNING' | 'PAUSED' | 'MET' | 'BREACHED' | 'CANCELLED';

/** Why a due instant came, moved or went. */
export type DueReason =
  | 'started'
  | 'paused'
  | 'resumed'
  | 'policy_change'
  | 'calendar_change'
  | 'reopened'
  | 'met'
  | 'cancelled'
  | 'time_zone_data';

/** What a change of the rules, rather than the passing of time, did to a clock. */
export type ChangeReason = 'policy_change' | 'calendar_change' | 'reopened';

/** A breach stands until something revokes it; then it stays in the list, marked (SLA-10: nothing is deleted). */
export interface Breach {
  /** When it happened, however late it is found (SLA-9). No two breaches of a clock share an instant. */
  readonly at: Instant;
  readonly dueAt: Instant;
  /** Absent where the due time plainly passed. */
  readonly reason?: ChangeReason;
  readonly revokedAt?: Instant;
  readonly revokeReason?: ChangeReason;
}

/** A warning that has rung. Each is rung once for a clock and target length. */
export interface Warning {
  /** `before:3600/28800`: counted back from the due instant or on from the start; seconds; seconds of the target. */
  readonly key: string;
  readonly at: Instant;
}

/** Which rules a clock goes by: those that set its due instant last. */
export interface Governance {
  readonly policyId: string;
  readonly policyVersion: number;
  readonly calendarId: string;
  readonly calendarVersion: number;
  readonly timeZoneDataVersion: string;
}

/** One target of one ticket: plain data, the same for the same facts, rules and instant (SLA-12). */
export interface Clock extends Governance {
  readonly target: Target;
  /** Counts the clocks of one target on one ticket, from 1. */
  readonly cycle: number;
  readonly state: ClockState;
  readonly startedAt: Instant;
  /** Absent while paused: nobody knows when it goes on. Kept once the clock has ended. */
  readonly dueAt?: Instant;
  /** Why `dueAt` is what it is, and since when. */
  readonly dueReason: DueReason;
  readonly dueChangedAt: Instant;
  /** When the target was reached, in time or not. */
  readonly satisfiedAt?: Instant;
  /** When it ended without being reached. */
  readonly cancelledAt?: Instant;
  /** Open seconds used up to the end of the clock or up to now, pauses left out; for a cut-off, elapsed seconds. */
  readonly usedSeconds: number;
  /** Open seconds granted; for a cut-off, elapsed seconds from start to due. */
  readonly targetSeconds: number;
  /** The breach that stands, if one does. */
  readonly breachedAt?: Instant;
  readonly breachReason?: ChangeReason;
  /** All there were, oldest first. */
  readonly breaches: readonly Breach[];
  readonly warnings: readonly Warning[];
}

/** Nothing but a reopening moves it any more. */
export function isFinished(clock: Clock): boolean {
  return clock.satisfiedAt !== undefined || clock.cancelledAt !== undefined || clock.state === 'CANCELLED';
}

/** The due instant somebody still has to look at: running or overdue, not ended. */
export function pendingDue(clock: Clock): Instant | undefined {
  return isFinished(clock) ? undefined : clock.dueAt;
}

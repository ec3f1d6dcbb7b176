import type { DueReason, Instant, Target } from './clock.js';

interface OfClock {
  readonly target: Target;
  readonly cycle: number;
}

/** A due instant came, moved or went; `newDueAt` is absent where nothing is due any more. */
export interface DueChanged extends OfClock {
  readonly type: 'clock.due_changed';
  readonly oldDueAt?: Instant;
  readonly newDueAt?: Instant;
  readonly reason: DueReason;
  readonly policyId: string;
  readonly policyVersion: number;
  readonly calendarId: string;
  readonly calendarVersion: number;
  readonly timeZoneDataVersion: string;
  /** When it was so. */
  readonly occurredAt: Instant;
}

export interface Warned extends OfClock {
  readonly type: 'clock.warned';
  readonly dueAt?: Instant;
  /** Which of the target's warnings. */
  readonly key: string;
  readonly occurredAt: Instant;
}

export interface Breached extends OfClock {
  readonly type: 'clock.breached';
  readonly dueAt: Instant;
  readonly occurredAt: Instant;
  /** Absent where the due time plainly passed. */
  readonly reason?: string;
}

/** SLA-10: takes back the breach of `breachedAt`, which stays on record. */
export interface BreachRevoked extends OfClock {
  readonly type: 'clock.breach_revoked';
  readonly dueAt: Instant;
  readonly breachedAt: Instant;
  /** The instant of what takes it back: the reply, the change. */
  readonly occurredAt: Instant;
  readonly reason: RevokeReason;
}

/**
 * `late_reply`, `late_resolution`: reached in time, but heard of late. `cancelled`: ended before it was due. `due_moved`:
 * a pause or a change that was heard of late moved the due instant. `superseded`: the clock never was. The others: what
 * changed on the open ticket.
 */
export type RevokeReason =
  | 'late_reply'
  | 'late_resolution'
  | 'cancelled'
  | 'due_moved'
  | 'superseded'
  | 'policy_change'
  | 'calendar_change'
  | 'reopened';

export interface Met extends OfClock {
  readonly type: 'clock.met';
  readonly dueAt?: Instant;
  /** When it was reached. */
  readonly occurredAt: Instant;
  readonly usedSeconds: number;
}

/** What is to be appended; the recorder adds when it was recorded (SLA-9). */
export type ClockEvent = DueChanged | Warned | Breached | BreachRevoked | Met;

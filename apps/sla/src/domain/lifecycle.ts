import { matches, type TicketTraits } from '#kernel/desk/lookups.js';
import { parseDuration } from '#kernel/desk/duration.js';
import type { LifecycleRule } from '#kernel/desk/timing.js';
import type { Instant } from './clock.js';
import type { Moment, StatusEntry } from './ticket-fold.js';

/**
 * SLA-13: one step of a desk's lifecycle rule on a ticket. `ruleId`, `step` and `anchorSequence` name it for good, so it
 * is fired once; `tickets` decides under its own lock, where a customer message after the anchor voids it.
 */
export interface LifecycleTimer {
  readonly kind: 'lifecycle';
  readonly at: Instant;
  readonly ruleId: string;
  /** From 0. */
  readonly step: number;
  /** The event that started the rule's time. */
  readonly anchorSequence: number;
  readonly moveTo?: string;
  readonly notify?: string;
}

/** A step that has taken effect: it does so once, and the next one counts from it. */
export interface FiredStep {
  readonly ruleId: string;
  readonly step: number;
  readonly anchorSequence: number;
  readonly firedAt: Instant;
}

/** Up to here a step was on time; one that took effect later, after an outage, moves those that follow it. */
const ON_TIME_SECONDS = 3_600;

/** What the timers of a ticket depend on. */
export interface LifecycleSituation {
  readonly traits: TicketTraits;
  /** All there were, the present one last. */
  readonly statuses: readonly StatusEntry[];
  readonly lastReply: Moment | undefined;
  readonly lastCustomerMessage: Moment | undefined;
}

/** Whether the steps after it have to wait longer than they were told to. */
export function tookEffectLate(dueAt: Instant, firedAt: Instant): boolean {
  return firedAt - dueAt > ON_TIME_SECONDS;
}

/**
 * All steps of the rules that hold for the ticket as it stands and have not fired, those whose time has passed included.
 * Days are 24 hours, pauses and closed hours do not matter (FLT-11, PKG-17).
 */
export function lifecycleTimers(
  rules: readonly LifecycleRule[],
  ticket: LifecycleSituation,
  fired: readonly FiredStep[],
): LifecycleTimer[] {
  return rules.flatMap((rule) => {
    const entry = entryInto(rule.whileIn, ticket.statuses);
    if (entry === undefined || !matches(rule.match, ticket.traits)) return [];
    const anchor = rule.from === 'status_entered' ? entry : ticket.lastReply;
    if (anchor === undefined || (ticket.lastCustomerMessage?.sequence ?? 0) > anchor.sequence) return [];
    return stepsOf(rule, anchor, entry.at, fired);
  });
}

/** PKG-17: who is asked late has as long to answer as who is asked in time. */
function stepsOf(
  { id: ruleId, steps }: LifecycleRule,
  { at, sequence: anchorSequence }: Moment,
  enteredAt: Instant,
  fired: readonly FiredStep[],
): LifecycleTimer[] {
  let due = at;
  return steps.flatMap(({ after, moveTo, notify }, step): LifecycleTimer[] => {
    due += parseDuration(after);
    // The reply may be older than the rule's time by when the status is entered; no step is due before it could be.
    if (step === 0) due = Math.max(due, enteredAt);
    const done = fired.find((other) => other.ruleId === ruleId && other.step === step && other.anchorSequence === anchorSequence);
    if (done !== undefined) {
      if (tookEffectLate(due, done.firedAt)) due = done.firedAt;
      return [];
    }
    const what = { ...(moveTo === undefined ? {} : { moveTo }), ...(notify === undefined ? {} : { notify }) };
    return [{ kind: 'lifecycle', at: due, ruleId, step, anchorSequence, ...what }];
  });
}

/** When the ticket came into these statuses from another one; none where it is in another one now. */
function entryInto(whileIn: readonly string[], statuses: readonly StatusEntry[]): StatusEntry | undefined {
  const outside = statuses.findLastIndex((entry) => !whileIn.includes(entry.status));
  return statuses[outside + 1];
}

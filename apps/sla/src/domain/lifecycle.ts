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

/** What the timers of a ticket depend on. */
export interface LifecycleSituation {
  readonly traits: TicketTraits;
  /** All there were, the present one last. */
  readonly statuses: readonly StatusEntry[];
  readonly lastReply: Moment | undefined;
  readonly lastCustomerMessage: Moment | undefined;
}

/**
 * All steps of the rules that hold for the ticket as it stands, those whose time has passed included. Days are 24 hours,
 * pauses and closed hours do not matter (FLT-11, PKG-17).
 */
export function lifecycleTimers(rules: readonly LifecycleRule[], ticket: LifecycleSituation): LifecycleTimer[] {
  return rules.flatMap((rule) => {
    const entry = entryInto(rule.whileIn, ticket.statuses);
    if (entry === undefined || !matches(rule.match, ticket.traits)) return [];
    const anchor = rule.from === 'status_entered' ? entry : ticket.lastReply;
    if (anchor === undefined || (ticket.lastCustomerMessage?.sequence ?? 0) > anchor.sequence) return [];
    return stepsOf(rule, anchor, entry.at);
  });
}

function stepsOf(rule: LifecycleRule, anchor: Moment, enteredAt: Instant): LifecycleTimer[] {
  let due = anchor.at;
  return rule.steps.map((step, index) => {
    due += parseDuration(step.after);
    // The reply may be older than the rule's time by when the status is entered; no step is due before it could be.
    if (index === 0) due = Math.max(due, enteredAt);
    return {
      kind: 'lifecycle',
      at: due,
      ruleId: rule.id,
      step: index,
      anchorSequence: anchor.sequence,
      ...(step.moveTo === undefined ? {} : { moveTo: step.moveTo }),
      ...(step.notify === undefined ? {} : { notify: step.notify }),
    };
  });
}

/** When the ticket came into these statuses from another one; none where it is in another one now. */
function entryInto(whileIn: readonly string[], statuses: readonly StatusEntry[]): StatusEntry | undefined {
  const outside = statuses.findLastIndex((entry) => !whileIn.includes(entry.status));
  return statuses[outside + 1];
}

import type { DeskDocument } from '#kernel/desk/document.js';
import { matches, statusOf } from '#kernel/desk/lookups.js';
import { moveTo } from './status.js';
import { type Changed, type Ticket, traitsOf, unchanged } from './ticket.js';

/** A timer of the SLA service that has run out on this ticket. */
export interface LifecycleStepDue {
  readonly ruleId: string;
  readonly step: number;
  /** The ticket event the timer was armed by. */
  readonly anchorSequence: number;
  readonly dueAt: Date;
}

/**
 * What a due lifecycle step does to the ticket as it is now, under its lock (FLT-11, PKG-17): nothing when a customer has
 * written since the timer was armed, when we have replied again since and the silence counts from that reply, when the ticket left the rule's statuses, or when the desk no longer has the rule. The
 * move counts from the due instant, not from when it was carried out.
 */
export function lifecycleStep(desk: DeskDocument, ticket: Ticket, due: LifecycleStepDue, now: Date): Changed {
  const rule = desk.lifecycle.find((r) => r.id === due.ruleId);
  const step = rule?.steps[due.step];
  const holds =
    rule !== undefined &&
    step !== undefined &&
    rule.whileIn.includes(ticket.status) &&
    matches(rule.match, traitsOf(ticket)) &&
    ticket.lastCustomerSequence <= due.anchorSequence &&
    (rule.from !== 'last_public_reply' || ticket.lastAgentReplySequence <= due.anchorSequence);
  if (!holds || !step.moveTo) return unchanged(ticket);
  const at = due.dueAt >= ticket.updatedAt && due.dueAt <= now ? due.dueAt : now;
  const to = statusOf(desk, step.moveTo).id;
  return moveTo(desk, unchanged(ticket), { to, cause: 'lifecycle', lifecycleRule: rule.id }, at);
}

import type { DeskDocument } from '#kernel/desk/document.js';
import { parseDuration } from '#kernel/desk/duration.js';
import { DomainError } from '#kernel/errors.js';
import { refusal } from './refusals.js';
import { isOver, type Ticket } from './ticket.js';

/**
 * Whether a customer's reply reaches the ticket: it is not over, or the reply brings it back. Exactly at the end of the
 * desk's period it still does (FLT-12, PKG-16).
 */
export function takesReplies(desk: DeskDocument, ticket: Ticket, now: Date): boolean {
  if (!isOver(ticket.statusKind)) return true;
  const { within, byCustomerReply } = desk.reopen;
  const since = ticket.solvedAt ?? ticket.updatedAt;
  const late = within !== undefined && now.getTime() > since.getTime() + parseDuration(within) * 1000;
  return byCustomerReply && ticket.statusKind !== 'CLOSED' && !late;
}

/** Hands the text back and, where the desk takes follow-ups, says how one is opened (PKG-16). */
export function refuseLateReply(desk: DeskDocument, ticket: Ticket, body: string, now: Date): void {
  if (takesReplies(desk, ticket, now)) return;
  const { refusal: rule, followUpAfter } = desk.reopen;
  const way: Record<string, string> = followUpAfter
    ? { follow_up_by: 'TicketService/CreateTicket', follow_up_of_id: ticket.id }
    : {};
  if (rule) throw refusal(desk, { ...rule, metadata: { ...rule.metadata, ...way } }, body, ticket.language);
  throw new DomainError('STATE', 'REOPEN_PERIOD_OVER', 'this ticket can no longer be reopened', { metadata: { ...way, body } });
}

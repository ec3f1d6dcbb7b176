import { type Caller, isStaff } from '#kernel/caller.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { invalid, type Violation } from '#kernel/errors.js';
import { refuseWhatTheDeskRefuses } from './refusals.js';
import { refuseLateReply } from './reopening.js';
import { causeFaults, moveByHand, moveTo, personOf, shift } from './status.js';
import { apply, type Changed, heardAs, isOver, type Message, type Ticket, traitsOf, unchanged } from './ticket.js';

export const MAX_BODY = 100_000;

export interface Reply {
  readonly body: string;
  readonly internal: boolean;
  /** Agents only: the status to move to with it. */
  readonly status?: string;
  readonly fault?: string;
}

/** A reply or note and what it does to the status: reopening included (FLT-12, PKG-16). */
export function reply(
  desk: DeskDocument,
  ticket: Ticket,
  caller: Caller,
  input: Reply,
  messageId: string,
  now: Date,
): Changed & { readonly message: Message } {
  checkReply(caller, input);
  const staff = isStaff(caller);
  const message: Message = {
    id: messageId,
    ticketId: ticket.id,
    deskId: ticket.deskId,
    authorKind: staff ? 'agent' : 'customer',
    author: personOf(caller),
    internal: input.internal,
    automatic: false,
    body: input.body,
    sentAt: now,
  };
  const said = (changed: Changed): Changed =>
    apply(changed, now, { kind: 'message_added', message }, heardAs(message, ticket));

  if (!staff) return { ...customerReply(desk, ticket, caller, said, input.body, now), message };
  const written = said(unchanged(ticket));
  const how = { cause: 'agent_reply' as const, actor: personOf(caller), fault: input.fault, customerTold: !input.internal };
  if (input.status) return { ...moveByHand(desk, written, { ...how, to: input.status }, now), message };
  return { ...(input.internal ? written : shift(desk, written, desk.statusFlow.onAgentReply, how, now)), message };
}

function customerReply(
  desk: DeskDocument,
  ticket: Ticket,
  caller: Caller,
  said: (changed: Changed) => Changed,
  body: string,
  now: Date,
): Changed {
  const attempt = {
    action: 'reply' as const,
    traits: traitsOf(ticket),
    fields: ticket.fields,
    priorityGiven: false,
    signedIn: true,
    language: ticket.language,
  };
  refuseWhatTheDeskRefuses(desk, caller, attempt, body);
  const how = { cause: 'customer_reply' as const, actor: personOf(caller) };
  if (!isOver(ticket.statusKind)) {
    return shift(desk, said(unchanged(ticket)), desk.statusFlow.onCustomerReply, how, now);
  }
  refuseLateReply(desk, ticket, body, now);
  return moveTo(desk, said(unchanged(ticket)), { ...how, to: desk.reopen.to }, now);
}

function checkReply(caller: Caller, input: Reply): void {
  const faults: Violation[] = [];
  if (input.body.trim() === '') faults.push({ field: 'body', description: 'say something' });
  if (input.body.length > MAX_BODY) {
    faults.push({ field: 'body', description: `${input.body.length} characters; ${MAX_BODY} at most` });
  }
  if (isStaff(caller)) {
    faults.push(...causeFaults(input.fault));
  } else {
    if (input.internal) faults.push({ field: 'internal', description: 'only agents write internal notes' });
    if (input.status) faults.push({ field: 'status', description: 'only agents set a status' });
    if (input.fault) faults.push({ field: 'fault', description: 'only agents record a cause' });
  }
  if (faults.length > 0) throw invalid(faults);
}

import type { Caller } from '#kernel/caller.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { personOf, shift } from './status.js';
import { apply, type Changed, type Ticket, unchanged } from './ticket.js';

/** The ticket becomes the agent's; the desk may move it on (OFC-9). */
export function claim(desk: DeskDocument, ticket: Ticket, caller: Caller, now: Date): Changed {
  const agent = personOf(caller);
  const assigned = apply(unchanged(ticket), now, { kind: 'assigned', agent }, { assignee: agent });
  return shift(desk, assigned, desk.statusFlow.onClaim, { cause: 'claim', actor: agent }, now);
}

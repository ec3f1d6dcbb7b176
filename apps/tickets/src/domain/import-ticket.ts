import type { DeskDocument } from '#kernel/desk/document.js';
import { initialStatus } from '#kernel/desk/lookups.js';
import type { ChannelId } from '#kernel/desk/vocabulary.js';
import type { Violation } from '#kernel/errors.js';
import { changeClass } from './reclassify.js';
import { moveTo } from './status.js';
import { apply, type AuthorKind, type Changed, heardAs, type Message, type Person, type Ticket, unchanged } from './ticket.js';

export interface ImportedEntry {
  readonly occurredAt: Date;
  readonly message?: { readonly authorKind: AuthorKind; readonly authorName: string; readonly body: string; readonly internal: boolean };
  readonly status?: string;
  readonly priority?: string;
}

export interface ImportedTicket {
  readonly externalReference: string;
  readonly subject: string;
  readonly description: string;
  readonly type?: string;
  readonly department?: string;
  readonly priority?: string;
  readonly channel?: ChannelId;
  readonly requester: Person & { readonly organisationId?: string; readonly packageId?: string };
  readonly openedAt: Date;
  readonly history: readonly ImportedEntry[];
}

/** All that is wrong with a ticket from elsewhere; it has passed the old system's own rules, so ours do not refuse it. */
export function importFaults(desk: DeskDocument, input: ImportedTicket, now: Date): Violation[] {
  const faults: Violation[] = [];
  const known = (field: string, id: string | undefined, entries: readonly { readonly id: string }[]): void => {
    if (id !== undefined && !entries.some((entry) => entry.id === id)) {
      faults.push({ field, description: `${id} is not one of ${entries.map((entry) => entry.id).join(', ')}` });
    }
  };
  if (input.externalReference === '') faults.push({ field: 'external_reference', description: 'is required' });
  if (input.subject.trim() === '') faults.push({ field: 'subject', description: 'is required' });
  known('type', input.type, desk.ticketTypes);
  known('department', input.department, desk.departments);
  known('priority', input.priority, desk.priorities);
  if (input.openedAt > now) faults.push({ field: 'opened_at', description: 'lies in the future' });
  let previous = input.openedAt;
  for (const [i, entry] of input.history.entries()) {
    known(`history[${i}].status`, entry.status, desk.statuses);
    known(`history[${i}].priority`, entry.priority, desk.priorities);
    if (entry.occurredAt < previous) faults.push({ field: `history[${i}].occurred_at`, description: 'goes back in time' });
    if (entry.occurredAt > now) faults.push({ field: `history[${i}].occurred_at`, description: 'lies in the future' });
    previous = entry.occurredAt;
  }
  return faults;
}

/** The ticket as its history leaves it, with an event for each step at the instant at which it happened. */
export function importTicket(
  desk: DeskDocument,
  input: ImportedTicket,
  ids: { readonly ticketId: string; readonly number: string; readonly newId: () => string },
): Changed & { readonly messages: readonly Message[] } {
  const status = initialStatus(desk);
  const ticket: Ticket = {
    id: ids.ticketId,
    number: ids.number,
    deskId: desk.id,
    organisationId: input.requester.organisationId,
    packageId: input.requester.packageId,
    requester: { name: input.requester.name, email: input.requester.email },
    subject: input.subject,
    type: input.type ?? desk.ticketTypes[0]!.id,
    department: input.department,
    priority: input.priority,
    channel: input.channel ?? 'form',
    lane: desk.queue.defaultLane,
    status: status.id,
    statusKind: status.kind,
    openedAt: input.openedAt,
    updatedAt: input.openedAt,
    sequence: 0,
    lastCustomerSequence: 1,
    lastAgentReplySequence: 0,
    fields: {},
    language: desk.languages[0]!,
    externalReference: input.externalReference,
    imported: true,
  };
  let changed = apply(unchanged(ticket), input.openedAt, { kind: 'opened', description: input.description });
  const messages: Message[] = [];
  const say = (authorKind: AuthorKind, author: Person, body: string, internal: boolean, sentAt: Date): Message => {
    const message: Message = {
      id: ids.newId(),
      ticketId: ticket.id,
      deskId: desk.id,
      authorKind,
      author,
      internal,
      automatic: false,
      body,
      sentAt,
    };
    messages.push(message);
    return message;
  };
  say('customer', ticket.requester, input.description, false, input.openedAt);
  for (const entry of input.history) {
    const at = entry.occurredAt;
    if (entry.message) {
      const { authorKind, authorName, body, internal } = entry.message;
      const author = authorKind === 'customer' ? ticket.requester : { name: authorName, email: '' };
      const message = say(authorKind, author, body, internal, at);
      changed = apply(changed, at, { kind: 'message_added', message }, heardAs(message, changed.ticket));
    }
    if (entry.status) changed = moveTo(desk, changed, { to: entry.status, cause: 'import' }, at);
    if (entry.priority) changed = changeClass(changed, 'priority', entry.priority, { reason: 'import' }, at);
  }
  return { ticket: changed.ticket, events: knowingTheEnd(changed), messages };
}

/** The first event says how far the history goes, so that nobody judges the ticket by half of it. */
function knowingTheEnd({ ticket, events }: Changed): Changed['events'] {
  return events.map((event) =>
    event.change.kind === 'opened'
      ? { ...event, change: { ...event.change, historySequence: ticket.sequence } }
      : event,
  );
}

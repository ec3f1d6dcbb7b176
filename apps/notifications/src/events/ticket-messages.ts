import type { Person as PersonMessage, TicketOpened, TicketSummary } from '#contracts/generated/priolane/events/v1/ticket_events.js';
import { CHANNELS } from '#kernel/desk/vocabulary.js';
import type { DomainEvent } from '#messaging/event.js';
import type { KnownTicket, Person } from '../domain/happening.js';

export function toPerson(person: PersonMessage | null | undefined): Person {
  return { accountId: person?.accountId || undefined, name: person?.name ?? '', email: person?.email ?? '' };
}

export function openedTicket(event: DomainEvent, opened: TicketOpened): KnownTicket {
  return {
    id: opened.ticketId,
    deskId: event.deskId,
    number: opened.number,
    subject: opened.subject,
    language: opened.language,
    organisationId: opened.organisationId || undefined,
    requester: toPerson(opened.requester),
    status: opened.status,
    imported: opened.imported,
    traits: {
      package: opened.packageId || undefined,
      type: opened.type || undefined,
      department: opened.department || undefined,
      priority: opened.priority || undefined,
      channel: CHANNELS.find((channel) => channel === opened.channel),
      lane: opened.lane || undefined,
    },
    sequence: event.sequence,
    lastCustomerSequence: event.sequence,
    lastAgentReplySequence: 0,
  };
}

/** The ticket as the event's summary has it, on top of what is known; the summary is enough where nothing is. */
export function summarisedTicket(
  event: DomainEvent,
  known: KnownTicket | undefined,
  summary: TicketSummary | null | undefined,
): KnownTicket {
  if (!summary) throw new TypeError(`${event.type} ${event.id} has no summary of its ticket`);
  return {
    id: event.aggregateId,
    deskId: event.deskId,
    number: summary.number,
    subject: summary.subject,
    language: summary.language,
    organisationId: summary.organisationId || undefined,
    requester: toPerson(summary.requester),
    status: summary.status,
    imported: summary.imported,
    traits: known?.traits ?? {},
    sequence: event.sequence,
    lastCustomerSequence: known?.lastCustomerSequence ?? 0,
    lastAgentReplySequence: known?.lastAgentReplySequence ?? 0,
  };
}

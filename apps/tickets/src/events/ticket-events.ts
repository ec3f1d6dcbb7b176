import {
  type TicketAssigned,
  TicketAssigned as TicketAssignedCodec,
  TicketClassChanged,
  TicketMessageAdded,
  TicketOpened,
  TicketStatusChanged,
  type TicketSummary,
} from '#contracts/generated/priolane/events/v1/ticket_events.js';
import { appendEvent } from '#messaging/outbox/append-event.js';
import type { Transaction } from '#platform/database/transaction.js';
import { isOver, type Person, type Ticket, type TicketChange, type TicketEvent } from '../domain/ticket.js';

/** Puts what happened into the outbox, in the order in which it happened. */
export function appendTicketEvents(tx: Transaction, events: readonly TicketEvent[], causationId?: string): void {
  for (const event of events) {
    appendEvent(tx, {
      type: eventType(event.change),
      aggregateId: event.ticket.id,
      sequence: event.sequence,
      deskId: event.ticket.deskId,
      occurredAt: event.occurredAt,
      causationId,
      data: eventData(event),
    });
  }
}

export function eventType(change: TicketChange): string {
  switch (change.kind) {
    case 'opened':
      return 'ticket.opened';
    case 'message_added':
      return 'ticket.message_added';
    case 'assigned':
      return 'ticket.assigned';
    case 'class_changed':
      return `ticket.${change.dimension}_changed`;
    case 'status_changed':
      if (isOver(change.toKind) && !isOver(change.fromKind)) return 'ticket.resolved';
      return isOver(change.fromKind) && !isOver(change.toKind) ? 'ticket.reopened' : 'ticket.status_changed';
  }
}

function eventData({ change, occurredAt, ticket }: TicketEvent): object {
  const ticketId = ticket.id;
  const at = occurredAt.toISOString();
  switch (change.kind) {
    case 'opened':
      return TicketOpened.toJSON({
        ticketId,
        number: ticket.number,
        deskId: ticket.deskId,
        organisationId: ticket.organisationId ?? '',
        packageId: ticket.packageId ?? '',
        requester: toPerson(ticket.requester),
        subject: ticket.subject,
        type: ticket.type,
        department: ticket.department ?? '',
        priority: ticket.priority ?? '',
        channel: ticket.channel,
        lane: ticket.lane,
        status: ticket.status,
        statusKind: ticket.statusKind,
        openedAt: at,
        language: ticket.language,
        description: change.description,
        imported: ticket.imported,
        externalReference: ticket.externalReference ?? '',
        historySequence: String(change.historySequence ?? 0),
        followUpOf: ticket.followUpOf,
      }) as object;
    case 'message_added':
      return TicketMessageAdded.toJSON({
        ticketId,
        messageId: change.message.id,
        authorKind: change.message.authorKind,
        author: toPerson(change.message.author),
        internal: change.message.internal,
        automatic: change.message.automatic,
        body: change.message.body,
        sentAt: at,
        ticket: summary(ticket),
      }) as object;
    case 'assigned': {
      const data: TicketAssigned = { ticketId, agent: toPerson(change.agent), assignedAt: at, ticket: summary(ticket) };
      return TicketAssignedCodec.toJSON(data) as object;
    }
    case 'status_changed':
      return TicketStatusChanged.toJSON({
        ticketId,
        from: change.from,
        fromKind: change.fromKind,
        to: change.to,
        toKind: change.toKind,
        changedAt: at,
        cause: change.cause,
        actor: change.actor && toPerson(change.actor),
        fault: change.fault ?? '',
        ticket: summary(ticket),
        customerTold: change.customerTold ?? false,
        lifecycleRule: change.lifecycleRule ?? '',
      }) as object;
    case 'class_changed':
      return TicketClassChanged.toJSON({
        ticketId,
        dimension: change.dimension,
        from: change.from,
        to: change.to,
        changedAt: at,
        actor: change.actor && toPerson(change.actor),
        reason: change.reason,
        purchaseId: change.purchaseId ?? '',
        ticket: summary(ticket),
      }) as object;
  }
}

function summary(ticket: Ticket): TicketSummary {
  return {
    number: ticket.number,
    subject: ticket.subject,
    organisationId: ticket.organisationId ?? '',
    requester: toPerson(ticket.requester),
    language: ticket.language,
    status: ticket.status,
    statusKind: ticket.statusKind,
    imported: ticket.imported,
  };
}

function toPerson(person: Person): { accountId: string; name: string; email: string } {
  return { accountId: person.accountId ?? '', name: person.name, email: person.email };
}

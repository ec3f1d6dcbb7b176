import type { DeskDocument } from '#kernel/desk/document.js';
import { isWaiting, queueKey } from '../domain/queue-order.js';
import type { Message, Person, Ticket } from '../domain/ticket.js';
import type { MessageRecord } from './message.entity.js';
import type { TicketRecord } from './ticket.entity.js';

/** A row for a ticket; the desk is asked for its place in the queue. */
export function toTicketRow(desk: DeskDocument, ticket: Ticket): TicketRecord {
  return {
    id: ticket.id,
    deskId: ticket.deskId,
    number: ticket.number,
    organisationId: ticket.organisationId ?? null,
    packageId: ticket.packageId ?? null,
    requesterAccountId: ticket.requester.accountId ?? null,
    requesterName: ticket.requester.name,
    requesterEmail: ticket.requester.email,
    subject: ticket.subject,
    type: ticket.type,
    department: ticket.department ?? null,
    priority: ticket.priority ?? null,
    channel: ticket.channel,
    lane: ticket.lane,
    status: ticket.status,
    statusKind: ticket.statusKind,
    assigneeAccountId: ticket.assignee?.accountId ?? null,
    assigneeName: ticket.assignee?.name ?? null,
    assigneeEmail: ticket.assignee?.email ?? null,
    openedAt: ticket.openedAt,
    updatedAt: ticket.updatedAt,
    solvedAt: ticket.solvedAt ?? null,
    dueAt: ticket.dueAt ?? null,
    liveCallBack: ticket.liveCallBack ?? null,
    sequence: ticket.sequence,
    lastCustomerSequence: ticket.lastCustomerSequence,
    lastAgentReplySequence: ticket.lastAgentReplySequence,
    fields: { ...ticket.fields },
    language: ticket.language,
    externalReference: ticket.externalReference ?? null,
    followUpOfId: ticket.followUpOf?.id ?? null,
    followUpOfNumber: ticket.followUpOf?.number ?? null,
    imported: ticket.imported,
    waiting: isWaiting(ticket),
    queueKey: queueKey(desk, ticket),
  };
}

export function toTicket(row: TicketRecord): Ticket {
  return {
    id: row.id,
    number: row.number,
    deskId: row.deskId,
    organisationId: row.organisationId ?? undefined,
    packageId: row.packageId ?? undefined,
    requester: person(row.requesterAccountId, row.requesterName, row.requesterEmail),
    subject: row.subject,
    type: row.type,
    department: row.department ?? undefined,
    priority: row.priority ?? undefined,
    channel: row.channel,
    lane: row.lane,
    status: row.status,
    statusKind: row.statusKind,
    assignee: row.assigneeAccountId
      ? person(row.assigneeAccountId, row.assigneeName ?? '', row.assigneeEmail ?? '')
      : undefined,
    openedAt: row.openedAt,
    updatedAt: row.updatedAt,
    solvedAt: row.solvedAt ?? undefined,
    dueAt: row.dueAt ?? undefined,
    liveCallBack: row.liveCallBack ?? undefined,
    sequence: row.sequence,
    lastCustomerSequence: row.lastCustomerSequence,
    lastAgentReplySequence: row.lastAgentReplySequence,
    fields: row.fields,
    language: row.language,
    externalReference: row.externalReference ?? undefined,
    followUpOf: row.followUpOfId ? { id: row.followUpOfId, number: row.followUpOfNumber! } : undefined,
    imported: row.imported,
  };
}

export function toMessageRow(message: Message): MessageRecord {
  return {
    id: message.id,
    ticketId: message.ticketId,
    deskId: message.deskId,
    authorKind: message.authorKind,
    authorAccountId: message.author.accountId ?? null,
    authorName: message.author.name,
    authorEmail: message.author.email,
    internal: message.internal,
    automatic: message.automatic,
    body: message.body,
    sentAt: message.sentAt,
  };
}

export function toMessage(row: MessageRecord): Message {
  return {
    id: row.id,
    ticketId: row.ticketId,
    deskId: row.deskId,
    authorKind: row.authorKind,
    author: person(row.authorAccountId, row.authorName, row.authorEmail),
    internal: row.internal,
    automatic: row.automatic,
    body: row.body,
    sentAt: row.sentAt,
  };
}

function person(accountId: string | null, name: string, email: string): Person {
  return { ...(accountId ? { accountId } : {}), name, email };
}

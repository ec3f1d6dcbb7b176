import type {
  Message as MessageMessage,
  Ticket as TicketMessage,
} from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { toTimestamp, toTimestampOrNull } from '#platform/grpc/timestamps.js';
import type { Message, Ticket } from '../domain/ticket.js';

export function toTicketMessage(ticket: Ticket): TicketMessage {
  return {
    id: ticket.id,
    number: ticket.number,
    deskId: ticket.deskId,
    organisationId: ticket.organisationId ?? '',
    requester: { accountId: ticket.requester.accountId ?? '', name: ticket.requester.name, email: ticket.requester.email },
    subject: ticket.subject,
    type: ticket.type,
    department: ticket.department ?? '',
    priority: ticket.priority ?? '',
    channel: ticket.channel,
    lane: ticket.lane,
    status: ticket.status,
    statusKind: ticket.statusKind,
    assigneeAccountId: ticket.assignee?.accountId ?? '',
    openedAt: toTimestamp(ticket.openedAt),
    updatedAt: toTimestamp(ticket.updatedAt),
    solvedAt: toTimestampOrNull(ticket.solvedAt),
    sequence: String(ticket.sequence),
    fields: { ...ticket.fields },
    externalReference: ticket.externalReference ?? '',
    packageId: ticket.packageId ?? '',
    followUpOf: ticket.followUpOf,
  };
}

export function toMessageMessage(message: Message): MessageMessage {
  return {
    id: message.id,
    ticketId: message.ticketId,
    authorKind: message.authorKind,
    authorAccountId: message.author.accountId ?? '',
    authorName: message.author.name,
    internal: message.internal,
    automatic: message.automatic,
    body: message.body,
    sentAt: toTimestamp(message.sentAt),
  };
}

import type { CreateTicketRequest } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import type { OpenTicketCommand } from '../use-cases/open-ticket.js';
import { channelOf } from './channel.js';

export function toOpenTicketCommand(request: CreateTicketRequest): OpenTicketCommand {
  const { onBehalfOf: other, followUpOfId } = request;
  return {
    requestId: request.requestId,
    subject: request.subject,
    description: request.description,
    type: request.type || undefined,
    department: request.department || undefined,
    priority: request.priority || undefined,
    channel: channelOf(request.channel),
    fields: request.fields,
    language: request.language || undefined,
    questionId: request.questionId || undefined,
    onBehalfOf: other
      ? {
          organisationId: other.organisationId || undefined,
          accountId: other.accountId || undefined,
          name: other.name,
          email: other.email,
          packageId: other.packageId || undefined,
        }
      : undefined,
    // No key where there is none: the fingerprint of a request must stay what it was, for it may be repeated.
    ...(followUpOfId ? { followUpOfId } : {}),
  };
}

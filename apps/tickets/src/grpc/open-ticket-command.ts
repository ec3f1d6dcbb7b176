import type { CreateTicketRequest } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { CHANNELS, type ChannelId } from '#kernel/desk/vocabulary.js';
import { invalid } from '#kernel/errors.js';
import { requestIdOf } from '#platform/grpc/request-id.js';
import type { OpenTicketCommand } from '../use-cases/open-ticket.js';

export function toOpenTicketCommand(request: CreateTicketRequest): OpenTicketCommand {
  const other = request.onBehalfOf;
  return {
    requestId: requestIdOf(request),
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
  };
}

/** Empty: the desk's form. */
export function channelOf(id: string): ChannelId | undefined {
  if (id === '') return undefined;
  const channel = CHANNELS.find((known) => known === id);
  if (!channel) throw invalid([{ field: 'channel', description: `${id} is not one of ${CHANNELS.join(', ')}` }]);
  return channel;
}

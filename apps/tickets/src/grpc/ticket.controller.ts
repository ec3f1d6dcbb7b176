import type { Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import type { Observable } from 'rxjs';
import {
  type AddMessageRequest,
  type AddMessageResponse,
  type ChangeStatusRequest,
  type ChangeStatusResponse,
  type CreateTicketRequest,
  type CreateTicketResponse,
  type GetTicketRequest,
  type GetTicketResponse,
  type ListMessagesRequest,
  type ListMessagesResponse,
  type ListTicketsRequest,
  type ListTicketsResponse,
  type ReclassifyTicketRequest,
  type ReclassifyTicketResponse,
  type TicketServiceController,
  TicketServiceControllerMethods,
  type WatchEventsRequest,
  type WatchEventsResponse,
} from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { EventLog } from '#messaging/outbox/event-log.js';
import { callerOf } from '#platform/auth/caller.js';
import { streamOf } from '#platform/grpc/streams.js';
import { toTimestamp } from '#platform/grpc/timestamps.js';
import { AddMessage } from '../use-cases/add-message.js';
import { ChangeStatus } from '../use-cases/change-status.js';
import { OpenTicket } from '../use-cases/open-ticket.js';
import { ReclassifyTicket } from '../use-cases/reclassify-ticket.js';
import { toMessageMessage, toTicketMessage } from './messages.js';
import { toOpenTicketCommand } from './open-ticket-command.js';
import { TicketReads } from './ticket-reads.js';

@Controller()
@TicketServiceControllerMethods()
export class TicketController implements TicketServiceController {
  constructor(
    private readonly openTicket: OpenTicket,
    private readonly addsMessage: AddMessage,
    private readonly changesStatus: ChangeStatus,
    private readonly reclassifies: ReclassifyTicket,
    private readonly reads: TicketReads,
    private readonly events: EventLog,
  ) {}

  async createTicket(request: CreateTicketRequest, metadata?: Metadata): Promise<CreateTicketResponse> {
    const ticket = await this.openTicket.execute(callerOf(metadata), toOpenTicketCommand(request));
    return { ticket: toTicketMessage(ticket) };
  }

  getTicket(request: GetTicketRequest, metadata?: Metadata): Promise<GetTicketResponse> {
    return this.reads.get(callerOf(metadata), request.ticketId);
  }

  listTickets(request: ListTicketsRequest, metadata?: Metadata): Promise<ListTicketsResponse> {
    return this.reads.list(callerOf(metadata), request);
  }

  async addMessage(request: AddMessageRequest, metadata?: Metadata): Promise<AddMessageResponse> {
    const { ticket, message } = await this.addsMessage.execute(callerOf(metadata), {
      requestId: request.requestId,
      ticketId: request.ticketId,
      body: request.body,
      internal: request.internal,
      status: request.status || undefined,
      fault: request.fault || undefined,
    });
    return { message: toMessageMessage(message), ticket: toTicketMessage(ticket) };
  }

  listMessages(request: ListMessagesRequest, metadata?: Metadata): Promise<ListMessagesResponse> {
    return this.reads.messages(callerOf(metadata), request);
  }

  async changeStatus(request: ChangeStatusRequest, metadata?: Metadata): Promise<ChangeStatusResponse> {
    const ticket = await this.changesStatus.execute(callerOf(metadata), {
      requestId: request.requestId,
      ticketId: request.ticketId,
      status: request.status,
      fault: request.fault || undefined,
    });
    return { ticket: toTicketMessage(ticket) };
  }

  async reclassifyTicket(request: ReclassifyTicketRequest, metadata?: Metadata): Promise<ReclassifyTicketResponse> {
    const ticket = await this.reclassifies.execute(callerOf(metadata), {
      requestId: request.requestId,
      ticketId: request.ticketId,
      type: request.type || undefined,
      department: request.department || undefined,
      priority: request.priority || undefined,
    });
    return { ticket: toTicketMessage(ticket) };
  }

  watchEvents(request: WatchEventsRequest, metadata?: Metadata): Observable<WatchEventsResponse> {
    const { deskId } = callerOf(metadata);
    return streamOf((stop) => this.watched(BigInt(request.afterPosition), deskId, stop), { endless: true });
  }

  private async *watched(after: bigint, deskId: string, stop: AbortSignal): AsyncGenerator<WatchEventsResponse> {
    for await (const { position, event } of this.events.watch(after, deskId, stop)) {
      yield {
        position: String(position),
        eventId: event.id,
        type: event.type,
        aggregateId: event.aggregateId,
        sequence: String(event.sequence),
        occurredAt: toTimestamp(event.occurredAt),
        data: JSON.stringify(event.data),
      };
    }
  }
}

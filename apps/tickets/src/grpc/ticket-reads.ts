import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type {
  GetTicketResponse,
  ListMessagesRequest,
  ListMessagesResponse,
  ListTicketsRequest,
  ListTicketsResponse,
} from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { type Caller, isStaff } from '#kernel/caller.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { STATUS_KINDS } from '#kernel/desk/ticketing.js';
import { DomainError, invalid } from '#kernel/errors.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { readPage, toPage } from '#platform/grpc/paging.js';
import { type Scope, scopeOf, scopeOfView } from '../domain/visibility.js';
import { TicketRepository } from '../persistence/ticket.repository.js';
import { toMessageMessage, toTicketMessage } from './messages.js';

const messageCursor = z.object({ sentAt: z.string(), id: z.uuid() });

/** Reads of tickets and their messages within what the caller may see. */
@Injectable()
export class TicketReads {
  constructor(
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketRepository,
  ) {}

  async get(caller: Caller, idOrNumber: string): Promise<GetTicketResponse> {
    const { document: desk } = await this.desks.current(caller.deskId);
    const scope = scopeOf(desk, caller);
    const ticket = await this.tickets.get(scope, idOrNumber);
    return { ticket: toTicketMessage(ticket), followUps: await this.tickets.followUps(scope, ticket.id) };
  }

  async list(caller: Caller, request: ListTicketsRequest): Promise<ListTicketsResponse> {
    const { document: desk } = await this.desks.current(caller.deskId);
    const { scope, kinds } = viewOf(desk, caller, request);
    const query = { scope, kinds, reference: request.externalReference };
    const page = readPage(request, query, z.uuid());
    const found = await this.tickets.list(scope, {
      statusKinds: kinds,
      externalReference: request.externalReference || undefined,
      before: page.cursor,
      limit: page.size + 1,
    });
    const { rows, nextPageToken } = toPage(found, page, query, (ticket) => ticket.id);
    return { tickets: rows.map(toTicketMessage), nextPageToken };
  }

  async messages(caller: Caller, request: ListMessagesRequest): Promise<ListMessagesResponse> {
    const { document: desk } = await this.desks.current(caller.deskId);
    const ticket = await this.tickets.get(scopeOf(desk, caller), request.ticketId);
    const query = { ticket: ticket.id, staff: isStaff(caller) };
    const page = readPage(request, query, messageCursor);
    const found = await this.tickets.messages(ticket.id, isStaff(caller), page.cursor, page.size + 1);
    const { rows, nextPageToken } = toPage(found, page, query, (message) => ({
      sentAt: message.sentAt.toISOString(),
      id: message.id,
    }));
    return { messages: rows.map(toMessageMessage), nextPageToken };
  }
}

/** A view of the desk file (PKG-14, FLT-9), narrowed to the kinds asked for; staff may do without a view. */
function viewOf(
  desk: DeskDocument,
  caller: Caller,
  request: ListTicketsRequest,
): { readonly scope: Scope; readonly kinds: readonly string[] } {
  const unknown = request.statusKinds.filter((kind) => !STATUS_KINDS.some((known) => known === kind));
  if (unknown.length > 0) {
    throw invalid([{ field: 'status_kinds', description: `${unknown.join(', ')}: not of ${STATUS_KINDS.join(', ')}` }]);
  }
  if (request.view === '') return { scope: scopeOf(desk, caller), kinds: request.statusKinds };
  const view = desk.tickets.views.find((v) => v.id === request.view);
  if (!view) {
    const known = desk.tickets.views.map((v) => v.id).join(', ');
    throw invalid([{ field: 'view', description: `${request.view} is not one of ${known}` }]);
  }
  if (view.tickets === 'cc') {
    throw new DomainError('STATE', 'VIEW_NOT_SERVED', 'tickets cannot be copied to others in this version');
  }
  const kinds = request.statusKinds.length > 0 ? request.statusKinds : (view.statusKinds ?? []);
  return { scope: scopeOfView(desk, caller, view.tickets), kinds };
}

import type { Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import type { Observable } from 'rxjs';
import {
  type ImportedEntry as EntryMessage,
  type ImportedTicket as TicketMessage,
  type ImportTicketsRequest,
  type ImportTicketsResponse,
  type IntakeServiceController,
  IntakeServiceControllerMethods,
} from '#contracts/generated/priolane/tickets/v1/intake.js';
import type { Caller } from '#kernel/caller.js';
import { DomainError } from '#kernel/errors.js';
import { callerOf } from '#platform/auth/caller.js';
import { messagesOf, streamOf } from '#platform/grpc/streams.js';
import { fromTimestamp } from '#platform/grpc/timestamps.js';
import type { ImportedEntry, ImportedTicket } from '../domain/import-ticket.js';
import { ImportTicket } from '../use-cases/import-ticket.js';
import { channelOf } from './channel.js';

@Controller()
@IntakeServiceControllerMethods()
export class IntakeController implements IntakeServiceController {
  constructor(private readonly imports: ImportTicket) {}

  importTickets(requests: Observable<ImportTicketsRequest>, metadata?: Metadata): Observable<ImportTicketsResponse> {
    const caller = callerOf(metadata);
    return streamOf(() => this.imported(caller, messagesOf(requests)));
  }

  private async *imported(
    caller: Caller,
    requests: AsyncIterable<ImportTicketsRequest>,
  ): AsyncGenerator<ImportTicketsResponse> {
    for await (const { ticket } of requests) {
      const answer = { externalReference: ticket?.externalReference ?? '', ticketId: '', number: '' };
      try {
        if (!ticket) throw new DomainError('INVALID', 'INVALID_ARGUMENT', 'ticket: is required');
        const result = await this.imports.execute(caller, toImportedTicket(ticket));
        if (result.outcome === 'refused') {
          const faults = result.faults.map((fault) => `${fault.field}: ${fault.description}`);
          yield { ...answer, outcome: 'refused', faults };
        } else {
          const { id: ticketId, number } = result.ticket;
          yield { ...answer, outcome: result.outcome, ticketId, number, faults: [] };
        }
      } catch (error) {
        if (!(error instanceof DomainError) || error.kind !== 'INVALID') throw error;
        yield { ...answer, outcome: 'refused', faults: [error.message] };
      }
    }
  }
}

function toImportedTicket(ticket: TicketMessage): ImportedTicket {
  if (!ticket.openedAt) throw new DomainError('INVALID', 'INVALID_ARGUMENT', 'opened_at: is required');
  const { requester } = ticket;
  return {
    externalReference: ticket.externalReference,
    subject: ticket.subject,
    description: ticket.description,
    type: ticket.type || undefined,
    department: ticket.department || undefined,
    priority: ticket.priority || undefined,
    channel: channelOf(ticket.channel),
    requester: {
      name: requester?.name ?? '',
      email: requester?.email ?? '',
      organisationId: requester?.organisationId || undefined,
      packageId: requester?.packageId || undefined,
    },
    openedAt: fromTimestamp(ticket.openedAt),
    history: ticket.history.map(toEntry),
  };
}

function toEntry(entry: EntryMessage, i: number): ImportedEntry {
  if (!entry.occurredAt) {
    throw new DomainError('INVALID', 'INVALID_ARGUMENT', `history[${i}].occurred_at: is required`);
  }
  return {
    occurredAt: fromTimestamp(entry.occurredAt),
    message: entry.message
      ? {
          authorKind: entry.message.authorKind === 'agent' ? 'agent' : 'customer',
          authorName: entry.message.authorName,
          body: entry.message.body,
          internal: entry.message.internal,
        }
      : undefined,
    status: entry.status || undefined,
    priority: entry.priority || undefined,
  };
}

import { Injectable } from '@nestjs/common';
import { TicketOpened } from '#contracts/generated/priolane/events/v1/ticket_events.js';
import type { ChannelId } from '#kernel/desk/vocabulary.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { TicketRepository } from '../persistence/ticket.repository.js';

/** Keeps of the ticket what a price and a purchase need to know. */
@Injectable()
export class OnTicketOpened implements EventHandler {
  readonly topic = topicOf('tickets');
  readonly type = 'ticket.opened';

  constructor(private readonly tickets: TicketRepository) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const opened = TicketOpened.fromJSON(event.data);
    const ticket = {
      id: opened.ticketId,
      deskId: event.deskId,
      number: opened.number,
      organisationId: opened.organisationId || undefined,
      requesterAccountId: opened.requester?.accountId || undefined,
      packageId: opened.packageId || undefined,
      type: opened.type,
      department: opened.department || undefined,
      priority: opened.priority || undefined,
      channel: opened.channel as ChannelId,
      lane: opened.lane,
      statusKind: opened.statusKind,
      language: opened.language,
    };
    this.tickets.insert(tx, ticket, event.sequence);
  }
}

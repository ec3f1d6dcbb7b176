import { Injectable } from '@nestjs/common';
import { TicketOpened } from '#contracts/generated/priolane/events/v1/ticket_events.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { ticketOpened } from '../domain/ticket-happenings.js';
import { TicketCopies } from '../persistence/ticket-copies.js';
import { TellPeople } from '../use-cases/tell-people.js';
import { openedTicket } from './ticket-messages.js';

/** FLT-8, OFC-7: the number, and where to find the ticket. */
@Injectable()
export class OnTicketOpened implements EventHandler {
  readonly topic = topicOf('tickets');
  readonly type = 'ticket.opened';

  constructor(
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketCopies,
    private readonly tell: TellPeople,
  ) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const { document: desk } = await this.desks.current(event.deskId);
    const ticket = openedTicket(event, TicketOpened.fromJSON(event.data));
    this.tickets.put(tx, ticket);
    await this.tell.about(tx, event.id, desk, ticketOpened(desk, ticket));
  }
}

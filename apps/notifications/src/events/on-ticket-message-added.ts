import { Injectable } from '@nestjs/common';
import { TicketMessageAdded } from '#contracts/generated/priolane/events/v1/ticket_events.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { afterMessage, messageAdded } from '../domain/ticket-happenings.js';
import { TicketCopies } from '../persistence/ticket-copies.js';
import { TellPeople } from '../use-cases/tell-people.js';
import { summarisedTicket, toPerson } from './ticket-messages.js';

/** PKG-19: a mail tells of each reply. */
@Injectable()
export class OnTicketMessageAdded implements EventHandler {
  readonly topic = topicOf('tickets');
  readonly type = 'ticket.message_added';

  constructor(
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketCopies,
    private readonly tell: TellPeople,
  ) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const { author, ticket: newest, ...said } = TicketMessageAdded.fromJSON(event.data);
    const message = { ...said, author: toPerson(author) };
    const { document: desk } = await this.desks.current(event.deskId);
    const known = await this.tickets.find(tx, event.deskId, event.aggregateId);
    const ticket = afterMessage(summarisedTicket(event, known, newest), message);
    this.tickets.put(tx, ticket);
    const happening = messageAdded(ticket, message);
    if (happening) await this.tell.about(tx, event.id, desk, happening);
  }
}

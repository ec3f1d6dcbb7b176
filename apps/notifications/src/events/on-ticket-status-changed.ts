import { Injectable } from '@nestjs/common';
import { TicketStatusChanged } from '#contracts/generated/priolane/events/v1/ticket_events.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { statusChanged } from '../domain/ticket-happenings.js';
import { TicketCopies } from '../persistence/ticket-copies.js';
import { TellPeople } from '../use-cases/tell-people.js';
import { summarisedTicket, toPerson } from './ticket-messages.js';

/** OFC-9: started; OFC-12: resolved, told once. */
@Injectable()
export class OnTicketStatusChanged implements EventHandler {
  readonly topic = topicOf('tickets');
  readonly type = ['ticket.status_changed', 'ticket.resolved', 'ticket.reopened'];

  constructor(
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketCopies,
    private readonly tell: TellPeople,
  ) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const change = TicketStatusChanged.fromJSON(event.data);
    const { document: desk } = await this.desks.current(event.deskId);
    const known = await this.tickets.find(tx, event.deskId, event.aggregateId);
    const ticket = summarisedTicket(event, known, change.ticket);
    this.tickets.put(tx, ticket);
    const move = {
      ...change,
      eventType: event.type,
      actor: change.actor ? toPerson(change.actor) : undefined,
      lifecycleRule: change.lifecycleRule || undefined,
    };
    await this.tell.about(tx, event.id, desk, statusChanged(desk, ticket, move));
  }
}

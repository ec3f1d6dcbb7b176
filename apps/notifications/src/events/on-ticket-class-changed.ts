import { Injectable } from '@nestjs/common';
import { TicketClassChanged } from '#contracts/generated/priolane/events/v1/ticket_events.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { priorityCorrected } from '../domain/ticket-happenings.js';
import { TicketCopies } from '../persistence/ticket-copies.js';
import { TellPeople } from '../use-cases/tell-people.js';
import { summarisedTicket, toPerson } from './ticket-messages.js';

const DIMENSIONS = ['priority', 'lane', 'package', 'type', 'department'] as const;

/** PKG-9: the customer hears of a corrected priority; the other dimensions are only remembered. */
@Injectable()
export class OnTicketClassChanged implements EventHandler {
  readonly topic = topicOf('tickets');
  readonly type = DIMENSIONS.map((dimension) => `ticket.${dimension}_changed`);

  constructor(
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketCopies,
    private readonly tell: TellPeople,
  ) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const change = TicketClassChanged.fromJSON(event.data);
    const dimension = DIMENSIONS.find((known) => known === change.dimension);
    if (!dimension) return;
    const { document: desk } = await this.desks.current(event.deskId);
    const known = await this.tickets.find(tx, event.deskId, event.aggregateId);
    const summary = summarisedTicket(event, known, change.ticket);
    const ticket = { ...summary, traits: { ...summary.traits, [dimension]: change.to || undefined } };
    this.tickets.put(tx, ticket);
    if (dimension !== 'priority' || !change.actor) return;
    await this.tell.about(tx, event.id, desk, priorityCorrected(ticket, toPerson(change.actor), change.reason));
  }
}

import { Injectable } from '@nestjs/common';
import { PurchaseChanged } from '#contracts/generated/priolane/events/v1/billing_events.js';
import { Clock } from '#kernel/clock.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { changeClass } from '../domain/reclassify.js';
import { unchanged } from '../domain/ticket.js';
import { TicketRepository } from '../persistence/ticket.repository.js';
import { appendTicketEvents } from './ticket-events.js';

/** What is paid for takes effect: the ticket moves to the product's lane (SHP-3). */
@Injectable()
export class OnPurchaseCaptured implements EventHandler {
  readonly topic = topicOf('billing');
  readonly type = ['purchase.captured', 'purchase.authorized'];

  constructor(
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketRepository,
  ) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const purchase = PurchaseChanged.fromJSON(event.data);
    // A fee that is only authorised is not paid; a call-back is in force from its authorisation on.
    if (event.type === 'purchase.authorized' && purchase.productKind === 'priority_fee') return;
    const { document: desk } = await this.desks.current(event.deskId);
    const before = await this.tickets.lockIfThere(tx, purchase.ticketId);
    const laneIsKnown = desk.lanes.some((lane) => lane.id === purchase.effectLane);
    if (!before || before.deskId !== event.deskId || !laneIsKnown) return;
    const why = { reason: 'purchase_captured', purchaseId: purchase.purchaseId };
    const { ticket, events } = changeClass(unchanged(before), 'lane', purchase.effectLane, why, this.clock.now());
    this.tickets.update(tx, desk, ticket);
    appendTicketEvents(tx, events, event.id);
  }
}

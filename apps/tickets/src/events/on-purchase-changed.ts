import { Injectable } from '@nestjs/common';
import { PurchaseChanged } from '#contracts/generated/priolane/events/v1/billing_events.js';
import { Clock } from '#kernel/clock.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { changeClass } from '../domain/reclassify.js';
import { type Changed, type Ticket, unchanged } from '../domain/ticket.js';
import { TicketRepository } from '../persistence/ticket.repository.js';
import { appendTicketEvents } from './ticket-events.js';

const ENDED = ['purchase.captured', 'purchase.failed', 'purchase.canceled', 'purchase.voided', 'purchase.refunded'];

/**
 * What is paid for takes effect: the ticket moves to the product's lane (SHP-3), and one whose call-back is on hold
 * remembers it until the money is charged or given back (OFC-8).
 */
@Injectable()
export class OnPurchaseChanged implements EventHandler {
  readonly topic = topicOf('billing');
  readonly type = ['purchase.authorized', ...ENDED];

  constructor(
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketRepository,
  ) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const purchase = PurchaseChanged.fromJSON(event.data);
    const { document: desk } = await this.desks.current(event.deskId);
    const before = await this.tickets.lockIfThere(tx, purchase.ticketId);
    if (!before || before.deskId !== event.deskId) return;
    const { ticket, events } = this.effect(desk, event.type, purchase, before);
    if (events.length === 0 && ticket.liveCallBack === before.liveCallBack) return;
    this.tickets.update(tx, desk, ticket);
    appendTicketEvents(tx, events, event.id);
  }

  private effect(desk: DeskDocument, type: string, purchase: PurchaseChanged, before: Ticket): Changed {
    const { purchaseId, effectLane } = purchase;
    const isCallBack = purchase.productKind === 'call_back';
    // A fee is in force when it is captured, a call-back from its authorisation on.
    const inForce = type === (isCallBack ? 'purchase.authorized' : 'purchase.captured');
    const marked = isCallBack ? { ...before, liveCallBack: liveCallBack(type, purchaseId, before) } : before;
    if (!inForce || !desk.lanes.some((lane) => lane.id === effectLane)) return unchanged(marked);
    const why = { reason: 'purchase_captured', purchaseId };
    return changeClass(unchanged(marked), 'lane', effectLane, why, this.clock.now());
  }
}

function liveCallBack(type: string, purchaseId: string, before: Ticket): string | undefined {
  if (type === 'purchase.authorized') return purchaseId;
  return before.liveCallBack === purchaseId ? undefined : before.liveCallBack;
}

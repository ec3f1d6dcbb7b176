import { Injectable } from '@nestjs/common';
import { TicketStatusChanged } from '#contracts/generated/priolane/events/v1/ticket_events.js';
import { Clock } from '#kernel/clock.js';
import { CAUSES } from '#kernel/desk/commerce.js';
import { newId } from '#kernel/ids.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { decideOnCause } from '../domain/decisions.js';
import { CANCELABLE } from '../domain/purchase-state.js';
import { StripeWorker } from '../jobs/stripe-worker.js';
import { OperationRepository } from '../persistence/operation.repository.js';
import { PurchaseRepository } from '../persistence/purchase.repository.js';
import { appendPurchaseEvents } from './purchase-events.js';

/** Resolving the ticket decides on its call-back: captured or given back, by the cause (OFC-8). */
@Injectable()
export class OnTicketResolved implements EventHandler {
  readonly topic = topicOf('tickets');
  readonly type = 'ticket.resolved';

  constructor(
    private readonly clock: Clock,
    private readonly purchases: PurchaseRepository,
    private readonly operations: OperationRepository,
    private readonly worker: StripeWorker,
  ) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const { ticketId, fault } = TicketStatusChanged.fromJSON(event.data);
    const cause = CAUSES.find((known) => known === fault);
    const now = this.clock.now();
    for (const before of await this.purchases.lockOfTicket(tx, ticketId, CANCELABLE)) {
      // What somebody has decided before stays decided.
      if (before.productKind !== 'call_back' || before.closing) continue;
      const { purchase, events } = decideOnCause(before, cause, now);
      this.purchases.update(tx, purchase);
      appendPurchaseEvents(tx, events, event.id);
      if (!purchase.closing) continue;
      const earlier = await this.operations.lockPending(tx, purchase.id);
      const operation = { id: newId(), purchaseId: purchase.id, kind: purchase.closing, decidedAt: now };
      this.operations.insert(tx, { ...operation, afterId: earlier.at(-1)?.id }, { atOnce: true });
      tx.onCommitted(() => this.worker.wake());
    }
  }
}

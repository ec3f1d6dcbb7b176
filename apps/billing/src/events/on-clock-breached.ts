import { Injectable } from '@nestjs/common';
import { ClockEvent } from '#contracts/generated/priolane/events/v1/sla_events.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { decideRefund } from '../domain/decisions.js';
import { refundable, type Terms } from '../domain/purchase.js';
import { StripeWorker } from '../jobs/stripe-worker.js';
import { OperationRepository } from '../persistence/operation.repository.js';
import { PurchaseRepository } from '../persistence/purchase.repository.js';
import { RefundRepository } from '../persistence/refund.repository.js';

const TARGETS: Readonly<Record<string, Terms['refundOnBreach'][number]>> = {
  first_response: 'firstResponse',
  cut_off: 'cutOff',
};

/** A promise that was paid for and not kept is refunded by itself, where the desk says so. */
@Injectable()
export class OnClockBreached implements EventHandler {
  readonly topic = topicOf('sla');
  readonly type = 'clock.breached';

  constructor(
    private readonly clock: Clock,
    private readonly purchases: PurchaseRepository,
    private readonly refunds: RefundRepository,
    private readonly operations: OperationRepository,
    private readonly worker: StripeWorker,
  ) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const { ticketId, target, dueAt } = ClockEvent.fromJSON(event.data);
    const breached = TARGETS[target];
    if (!breached) return;
    const now = this.clock.now();
    for (const before of await this.purchases.lockOfTicket(tx, ticketId, ['CAPTURED'])) {
      const paidTooLate = dueAt !== undefined && before.capturedAt !== undefined && before.capturedAt > new Date(dueAt);
      if (!before.terms.refundOnBreach.includes(breached) || paidTooLate || refundable(before) <= 0n) continue;
      const { purchase, refund } = decideRefund(before, { reason: 'SLA_BREACH', approver: 'system' }, newId(), now);
      this.purchases.update(tx, purchase);
      this.refunds.save(tx, refund);
      const operation = { id: refund.id, purchaseId: purchase.id, kind: 'refund' as const, decidedAt: now };
      this.operations.insert(tx, operation, { atOnce: true });
      tx.onCommitted(() => this.worker.wake());
    }
  }
}

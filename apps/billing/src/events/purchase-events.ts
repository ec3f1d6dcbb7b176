import { PurchaseChanged } from '#contracts/generated/priolane/events/v1/billing_events.js';
import { appendEvent } from '#messaging/outbox/append-event.js';
import type { Transaction } from '#platform/database/transaction.js';
import type { PurchaseEvent } from '../domain/purchase.js';

/** Puts what happened into the outbox, in the order in which it happened. */
export function appendPurchaseEvents(tx: Transaction, events: readonly PurchaseEvent[], causationId?: string): void {
  for (const event of events) {
    appendEvent(tx, {
      type: `purchase.${event.type}`,
      aggregateId: event.purchase.id,
      sequence: event.sequence,
      deskId: event.purchase.deskId,
      occurredAt: event.occurredAt,
      causationId,
      data: eventData(event),
    });
  }
}

function eventData({ purchase, occurredAt, reason }: PurchaseEvent): object {
  const { currency } = purchase;
  const amount = (minor: bigint): { minor: string; currency: string } => ({ minor: String(minor), currency });
  return PurchaseChanged.toJSON({
    purchaseId: purchase.id,
    deskId: purchase.deskId,
    organisationId: purchase.organisationId ?? '',
    ticketId: purchase.ticketId,
    ticketNumber: purchase.ticketNumber,
    productId: purchase.productId,
    productKind: purchase.productKind,
    priceVersion: purchase.priceVersion,
    state: purchase.state,
    gross: amount(purchase.gross),
    captured: amount(purchase.captured),
    refunded: amount(purchase.refunded),
    changedAt: occurredAt.toISOString(),
    effectLane: purchase.terms.effectLane,
    reason,
    buyerAccountId: purchase.buyer.accountId,
    buyerName: purchase.buyer.name,
    buyerEmail: purchase.buyer.email,
  }) as object;
}

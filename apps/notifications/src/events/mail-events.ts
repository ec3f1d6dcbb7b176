import { MailDelivered } from '#contracts/generated/priolane/events/v1/notification_events.js';
import { appendEvent } from '#messaging/outbox/append-event.js';
import type { Transaction } from '#platform/database/transaction.js';
import type { Delivery } from '../domain/delivery.js';

/** A delivery ends once, so its only event is its first. */
export function appendMailEvent(
  tx: Transaction,
  delivery: Delivery,
  state: 'sent' | 'failed',
  occurredAt: Date,
  reason: string,
): void {
  appendEvent(tx, {
    type: `mail.${state}`,
    aggregateId: delivery.id,
    sequence: 1,
    deskId: delivery.deskId,
    occurredAt,
    data: MailDelivered.toJSON({
      deliveryId: delivery.id,
      deskId: delivery.deskId,
      ticketId: delivery.ticketId ?? '',
      template: delivery.template,
      recipient: delivery.recipient,
      sentAt: state === 'sent' ? occurredAt.toISOString() : undefined,
      reason,
    }) as object,
  });
}

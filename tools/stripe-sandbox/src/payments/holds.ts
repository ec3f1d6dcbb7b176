import { z } from 'zod';
import { refused, unexpectedState } from '../errors.js';
import { emit } from '../events.js';
import { amount, bool, mergeMetadata, metadata, parse, text } from '../http/params.js';
import type { PaymentIntent } from '../model.js';
import { find, type Work } from '../work.js';
import { captureCharge, disputeWhereTheCardDoes } from './charges.js';

const captureFields = z.strictObject({
  amount_to_capture: amount.optional(),
  final_capture: bool.optional(),
  metadata: metadata.optional(),
  statement_descriptor: text.optional(),
  statement_descriptor_suffix: text.optional(),
});

const cancelFields = z.strictObject({
  cancellation_reason: z.enum(['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer']).optional(),
});

const CANCELABLE = ['requires_payment_method', 'requires_capture', 'requires_confirmation', 'requires_action'];

export function captureIntent(work: Work, id: string, input: object): PaymentIntent {
  const { amount_to_capture, final_capture, metadata: change, ...descriptors } = parse(captureFields, input);
  const intent = find(work, 'payment_intent', id);
  if (intent.status !== 'requires_capture' || intent.latest_charge === null) {
    throw unexpectedState(intent, 'captured', ['requires_capture']);
  }
  if (final_capture === false)
    throw refused('Multicapture is not available for this payment.', { param: 'final_capture' });
  const captured = amount_to_capture ?? intent.amount_capturable;
  if (captured > intent.amount_capturable) {
    throw refused(
      `The amount to capture (${captured}) is greater than the remaining amount you can capture ` +
        `(${intent.amount_capturable}) on this PaymentIntent.`,
      { code: 'amount_too_large', param: 'amount_to_capture' },
    );
  }
  const charge = captureCharge(work, find(work, 'charge', intent.latest_charge), captured, 'charge.captured');
  const taken: PaymentIntent = {
    ...intent,
    ...descriptors,
    amount_capturable: 0,
    amount_received: captured,
    metadata: mergeMetadata(intent.metadata, change),
    status: 'succeeded',
  };
  work.store.put('payment_intent', taken);
  emit(work, 'payment_intent.succeeded', taken);
  disputeWhereTheCardDoes(work, charge);
  return taken;
}

export function cancelIntent(work: Work, id: string, input: object): PaymentIntent {
  const { cancellation_reason } = parse(cancelFields, input);
  const intent = find(work, 'payment_intent', id);
  if (!CANCELABLE.includes(intent.status)) throw unexpectedState(intent, 'canceled', CANCELABLE);
  return cancel(work, intent, cancellation_reason ?? null);
}

/** Holds that were not captured in time are released, and the intent is cancelled by Stripe itself. */
export function expireHolds(work: Work): void {
  for (const intent of work.store.all('payment_intent')) {
    if (intent.status !== 'requires_capture' || intent.latest_charge === null) continue;
    const charge = find(work, 'charge', intent.latest_charge);
    const { capture_before } = charge.payment_method_details.card;
    if (capture_before === undefined || capture_before > work.now) continue;
    emit(work, 'charge.expired', charge);
    cancel(work, intent, 'expired');
  }
}

function cancel(work: Work, intent: PaymentIntent, reason: PaymentIntent['cancellation_reason']): PaymentIntent {
  const canceled: PaymentIntent = {
    ...intent,
    amount_capturable: 0,
    canceled_at: work.now,
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  };
  work.store.put('payment_intent', canceled);
  emit(work, 'payment_intent.canceled', canceled);
  return canceled;
}

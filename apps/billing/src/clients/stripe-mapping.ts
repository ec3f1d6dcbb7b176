import type { Stripe } from 'stripe';
import type { BalanceLine, PaymentSeen, RefundSeen } from '../domain/payment.js';
import { fromStripeAmount } from './stripe-amounts.js';

const STATUS: Readonly<Partial<Record<Stripe.PaymentIntent['status'], PaymentSeen['status']>>> = {
  requires_capture: 'held',
  succeeded: 'taken',
  canceled: 'canceled',
};

/** What the metadata of a refund carries, so that it is found again. */
export const REFUND_ID = 'refund_id';

export function toPaymentSeen(
  intent: Stripe.PaymentIntent,
  refunds: readonly Stripe.Refund[] = [],
  lines: readonly BalanceLine[] = [],
): PaymentSeen {
  const charge = expanded(intent.latest_charge);
  const declined = intent.status === 'requires_payment_method' ? intent.last_payment_error : null;
  return {
    intentId: intent.id,
    clientSecret: intent.client_secret ?? '',
    status: STATUS[intent.status] ?? 'open',
    declined: declined ? (declined.decline_code ?? declined.code ?? declined.type) : undefined,
    cancellationReason: intent.cancellation_reason ?? undefined,
    charge: charge?.paid ? toCharge(charge) : undefined,
    refunds: refunds.map(toRefundSeen),
    lines,
  };
}

function toCharge(charge: Stripe.Charge): NonNullable<PaymentSeen['charge']> {
  const captureBefore = charge.payment_method_details?.card?.capture_before;
  return {
    id: charge.id,
    authorized: fromStripeAmount(charge.amount, charge.currency),
    authorizedAt: toDate(charge.created),
    captureBefore: captureBefore ? toDate(captureBefore) : undefined,
    captured: fromStripeAmount(charge.amount_captured, charge.currency),
  };
}

function toRefundSeen(refund: Stripe.Refund): RefundSeen {
  const ended = refund.status === 'succeeded' ? 'succeeded' : 'pending';
  const failed = refund.status === 'failed' || refund.status === 'canceled';
  return {
    stripeId: refund.id,
    refundId: refund.metadata?.[REFUND_ID],
    amount: fromStripeAmount(refund.amount, refund.currency),
    state: failed ? 'failed' : ended,
  };
}

/** `presented` is in the payment's own currency, whatever Stripe settles in. */
export function toLine(transaction: Stripe.BalanceTransaction, presented: bigint): BalanceLine {
  const of = (amount: number): bigint => fromStripeAmount(amount, transaction.currency);
  return {
    id: transaction.id,
    category: transaction.reporting_category,
    presented,
    currency: transaction.currency.toUpperCase(),
    amount: of(transaction.amount),
    fee: of(transaction.fee),
    net: of(transaction.net),
    exchangeRate: transaction.exchange_rate === null ? undefined : String(transaction.exchange_rate),
    occurredAt: toDate(transaction.created),
  };
}

export function expanded<T extends { readonly id: string }>(value: string | T | null | undefined): T | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}

function toDate(seconds: number): Date {
  return new Date(seconds * 1000);
}

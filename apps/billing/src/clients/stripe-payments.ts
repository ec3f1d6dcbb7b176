import { Inject, Injectable } from '@nestjs/common';
import { Stripe } from 'stripe';
import { ENV } from '#platform/platform.module.js';
import type { BalanceLine, PaymentSeen } from '../domain/payment.js';
import type { Purchase } from '../domain/purchase.js';
import type { BillingEnv } from '../env.js';
import { asking } from './payment-failures.js';
import { fromStripeAmount, toStripeAmount } from './stripe-amounts.js';
import { expanded, REFUND_ID, toLine, toPaymentSeen } from './stripe-mapping.js';

const PURCHASE_ID = 'purchase_id';
/** Against clocks that differ, when looking for what we may have made. */
const MARGIN_SECONDS = 3_600;

/**
 * Payments at Stripe. Every request that changes something carries an idempotency key made of an id of ours that was
 * written down before. Throws `PaymentRefused` and `PaymentUnavailable`. Never called inside a transaction.
 */
@Injectable()
export class StripePayments {
  private readonly stripe: Stripe;

  constructor(@Inject(ENV) env: BillingEnv) {
    const base = new URL(env.STRIPE_API_BASE);
    const secure = base.protocol === 'https:';
    this.stripe = new Stripe(env.STRIPE_API_KEY, {
      host: base.hostname,
      port: base.port || (secure ? 443 : 80),
      protocol: secure ? 'https' : 'http',
      timeout: env.STRIPE_TIMEOUT_MS,
      // Attempts are counted, spaced and remembered by the operation itself.
      maxNetworkRetries: 0,
      telemetry: false,
      appInfo: { name: 'priolane-billing' },
    });
  }

  async create(purchase: Purchase, operationId: string): Promise<PaymentSeen> {
    const intent = this.stripe.paymentIntents.create(
      {
        amount: toStripeAmount(purchase.gross, purchase.currency),
        currency: purchase.currency.toLowerCase(),
        capture_method: purchase.productKind === 'call_back' ? 'manual' : 'automatic',
        allowed_payment_method_types: ['card'],
        description: `Ticket ${purchase.ticketNumber}`,
        metadata: { [PURCHASE_ID]: purchase.id, operation_id: operationId, ticket_id: purchase.ticketId },
      },
      { idempotencyKey: key(operationId, 'create') },
    );
    return toPaymentSeen(await asking(intent));
  }

  /** The payment of a purchase, made since an instant; for when Stripe may have forgotten the key. */
  async find(purchaseId: string, since: Date): Promise<PaymentSeen | undefined> {
    const from = Math.floor(since.getTime() / 1000) - MARGIN_SECONDS;
    const search = async (): Promise<PaymentSeen | undefined> => {
      for await (const intent of this.stripe.paymentIntents.list({ created: { gte: from }, limit: 100 })) {
        if (intent.metadata[PURCHASE_ID] === purchaseId) return this.observe(intent.id);
      }
      return undefined;
    };
    return asking(search());
  }

  /** The payment as it is now, with its refunds and what the balance says of it. */
  async observe(intentId: string): Promise<PaymentSeen> {
    const intent = await asking(this.stripe.paymentIntents.retrieve(intentId, { expand: ['latest_charge'] }));
    const charge = expanded(intent.latest_charge);
    if (!charge?.captured) return toPaymentSeen(intent);
    const [transactions, refunds] = await asking(
      Promise.all([
        all(this.stripe.balanceTransactions.list({ source: charge.id, limit: 100 })),
        all(this.stripe.refunds.list({ payment_intent: intentId, limit: 100, expand: ['data.balance_transaction'] })),
      ]),
    );
    const lines = [...linesOfCharge(charge, transactions), ...(await this.linesOfRefunds(refunds))];
    return toPaymentSeen(intent, refunds.toReversed(), lines);
  }

  async capture(intentId: string, operationId: string): Promise<void> {
    await asking(this.stripe.paymentIntents.capture(intentId, {}, { idempotencyKey: key(operationId, 'capture') }));
  }

  async cancel(intentId: string, operationId: string): Promise<void> {
    await asking(this.stripe.paymentIntents.cancel(intentId, {}, { idempotencyKey: key(operationId, 'cancel') }));
  }

  async refund(purchase: Purchase, refund: { readonly id: string; readonly amount: bigint }): Promise<void> {
    await asking(
      this.stripe.refunds.create(
        {
          payment_intent: purchase.intentId!,
          amount: toStripeAmount(refund.amount, purchase.currency),
          metadata: { [PURCHASE_ID]: purchase.id, [REFUND_ID]: refund.id },
        },
        { idempotencyKey: key(refund.id, 'refund') },
      ),
    );
  }

  /** A refund that failed came back into the balance by a line of its own. */
  private async linesOfRefunds(refunds: readonly Stripe.Refund[]): Promise<BalanceLine[]> {
    const lines: BalanceLine[] = [];
    for (const refund of refunds.toReversed()) {
      const amount = fromStripeAmount(refund.amount, refund.currency);
      const out = expanded(refund.balance_transaction);
      if (out) lines.push(toLine(out, -amount));
      const back = refund.failure_balance_transaction;
      if (!back) continue;
      const id = typeof back === 'string' ? back : back.id;
      lines.push(toLine(await asking(this.stripe.balanceTransactions.retrieve(id)), amount));
    }
    return lines;
  }
}

function key(operationId: string, action: string): string {
  return `priolane-${operationId}-${action}`;
}

/**
 * One line for what was captured; or two where Stripe books the whole authorisation first and then gives back the part
 * that was not captured.
 */
function linesOfCharge(charge: Stripe.Charge, transactions: readonly Stripe.BalanceTransaction[]): BalanceLine[] {
  const of = (amount: number): bigint => fromStripeAmount(amount, charge.currency);
  const reversed = transactions.some((t) => t.reporting_category === 'partial_capture_reversal');
  return transactions.toReversed().flatMap((transaction) => {
    if (transaction.reporting_category === 'charge') {
      return [toLine(transaction, of(reversed ? charge.amount : charge.amount_captured))];
    }
    const isReversal = transaction.reporting_category === 'partial_capture_reversal';
    return isReversal ? [toLine(transaction, of(charge.amount_captured - charge.amount))] : [];
  });
}

/** Every page of a list. */
async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}

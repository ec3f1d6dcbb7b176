import { createHash } from 'node:crypto';
import { missing } from '../errors.js';
import type { PaymentMethod, RefundOutcome } from '../model.js';
import { find, newId, type Work } from '../work.js';

export interface Decline {
  readonly code: string;
  readonly decline_code: string;
  readonly message: string;
}

/** How one of Stripe's test cards behaves. */
export interface CardBehaviour {
  readonly last4: string;
  readonly brand: string;
  readonly country: string;
  readonly decline?: Decline;
  /** Every payment needs the customer to authenticate. */
  readonly authentication?: true;
  readonly dispute?: 'fraudulent' | 'product_not_received';
  readonly refund?: RefundOutcome;
  /** Funds are available at once. */
  readonly instant?: true;
}

const visa = { last4: '4242', brand: 'visa', country: 'US' };
const declined = { ...visa, last4: '0002' };

const decline = (code: string, decline_code: string, message: string): Decline => ({ code, decline_code, message });
const GENERIC = decline('card_declined', 'generic_decline', 'Your card was declined.');
const FUNDS = decline('card_declined', 'insufficient_funds', 'Your card has insufficient funds.');
const LOST = decline('card_declined', 'lost_card', 'Your card was declined.');
const STOLEN = decline('card_declined', 'stolen_card', 'Your card was declined.');
const EXPIRED = decline('expired_card', 'expired_card', 'Your card has expired.');

/** Stripe's own test payment methods, by their published names. */
const TEST_CARDS: Readonly<Record<string, CardBehaviour>> = {
  pm_card_visa: visa,
  pm_card_visa_debit: { ...visa, last4: '5556' },
  pm_card_mastercard: { last4: '4444', brand: 'mastercard', country: 'US' },
  pm_card_amex: { last4: '8431', brand: 'amex', country: 'US' },
  pm_card_de: { ...visa, last4: '0016', country: 'DE' },
  pm_card_chargeDeclined: { ...declined, decline: GENERIC },
  pm_card_visa_chargeDeclined: { ...declined, decline: GENERIC },
  pm_card_chargeDeclinedInsufficientFunds: { ...declined, last4: '9995', decline: FUNDS },
  pm_card_visa_chargeDeclinedInsufficientFunds: { ...declined, last4: '9995', decline: FUNDS },
  pm_card_visa_chargeDeclinedLostCard: { ...declined, last4: '9987', decline: LOST },
  pm_card_visa_chargeDeclinedStolenCard: { ...declined, last4: '9979', decline: STOLEN },
  pm_card_chargeDeclinedExpiredCard: { ...declined, last4: '0069', decline: EXPIRED },
  pm_card_chargeCustomerFail: { ...declined, last4: '0341', decline: GENERIC },
  pm_card_authenticationRequired: { ...visa, last4: '3184', authentication: true },
  pm_card_threeDSecure2Required: { ...visa, last4: '3220', authentication: true },
  pm_card_createDispute: { ...visa, last4: '0259', dispute: 'fraudulent' },
  pm_card_createDisputeProductNotReceived: { ...visa, last4: '2685', dispute: 'product_not_received' },
  pm_card_pendingRefund: { ...visa, last4: '7726', refund: 'pending' },
  pm_card_refundFail: { ...visa, last4: '5126', refund: 'failed' },
  pm_card_bypassPending: { ...visa, last4: '0077', instant: true },
};

export const NO_BILLING_DETAILS = { address: null, email: null, name: null, phone: null, tax_id: null };

/** A stored payment method, or a new one where a test card is named, as Stripe does. */
export function resolvePaymentMethod(work: Work, id: string, param: string): PaymentMethod {
  return TEST_CARDS[id] === undefined ? find(work, 'payment_method', id, param) : makePaymentMethod(work, id, param);
}

/** `token` is a test card's name: `pm_card_visa`, or `tok_visa` for the same card. */
export function makePaymentMethod(work: Work, token: string, param: string): PaymentMethod {
  const name = token.replace(/^tok_/, 'pm_card_');
  const card = TEST_CARDS[name];
  if (card === undefined) throw missing('token', token, param);
  const method: PaymentMethod = {
    id: newId('payment_method'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: NO_BILLING_DETAILS,
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: card.country,
      display_brand: card.brand,
      exp_month: 12,
      exp_year: 2040,
      fingerprint: fingerprint(name),
      funding: 'credit',
      generated_from: null,
      last4: card.last4,
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: work.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  };
  work.store.put('payment_method', method);
  work.store.put('card_secret', { id: method.id, token: name, used: false });
  return method;
}

export function behaviour(work: Work, paymentMethod: string): CardBehaviour {
  return TEST_CARDS[find(work, 'card_secret', paymentMethod).token] ?? visa;
}

/** The same card has the same fingerprint, whatever payment method it is saved as. */
export function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 16);
}

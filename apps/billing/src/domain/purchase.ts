import type { CallBackProduct, ProductSpec } from '#kernel/desk/commerce.js';
import { checkMove, type PurchaseState } from './purchase-state.js';

export interface Buyer {
  readonly accountId: string;
  readonly name: string;
  readonly email: string;
}

/** What was sold, as the desk file had it then: a later version changes nothing for this purchase. */
export interface Terms {
  readonly effectLane: string;
  readonly refundOnBreach: ProductSpec['refundOnBreach'];
  readonly refundableBy: ProductSpec['refundableBy'];
  /** Call-backs only. */
  readonly onCause?: CallBackProduct['onCause'];
}

/** All amounts are minor units of `currency`. */
export interface Purchase {
  readonly id: string;
  readonly deskId: string;
  readonly organisationId?: string;
  readonly requesterAccountId?: string;
  readonly ticketId: string;
  readonly ticketNumber: string;
  readonly productId: string;
  readonly productKind: ProductSpec['kind'];
  readonly priceVersion: number;
  readonly terms: Terms;
  /** Given by the customer's package: nothing is paid, and Stripe never hears of it. */
  readonly included: boolean;
  readonly currency: string;
  readonly net: bigint;
  readonly tax: bigint;
  readonly gross: bigint;
  readonly taxBasisPoints: number;
  readonly buyer: Buyer;
  readonly quoteId: string;
  readonly consent: { readonly text: string; readonly version: number; readonly acceptedAt: Date };
  readonly state: PurchaseState;
  /** Decided and not yet done at Stripe. */
  readonly closing?: 'capture' | 'cancel';
  readonly intentId?: string;
  readonly clientSecret?: string;
  readonly chargeId?: string;
  readonly authorized: bigint;
  readonly authorizedAt?: Date;
  /** When the hold ends, as the charge says. */
  readonly captureBefore?: Date;
  readonly captured: bigint;
  readonly capturedAt?: Date;
  /** Given back, pending at the bank or done. */
  readonly refunded: bigint;
  /** Decided to be given back; Stripe has not confirmed it. */
  readonly refunding: bigint;
  /** Captured less refunded, as the ledger has it. */
  readonly posted: bigint;
  readonly failureReason?: string;
  /** Of the newest event; gap-free from 1. */
  readonly sequence: number;
  /** Counts every write, so that what was seen at Stripe before another write is not taken for newer. */
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const REFUND_REASONS = ['OUR_FAULT', 'SLA_BREACH', 'GOODWILL', 'DUPLICATE'] as const;
export type RefundReason = (typeof REFUND_REASONS)[number];

export interface Refund {
  /** Also the id of the operation that asks Stripe for it. */
  readonly id: string;
  readonly purchaseId: string;
  readonly amount: bigint;
  /** Empty where somebody refunded in Stripe's own dashboard. */
  readonly reason: string;
  readonly approver: string;
  readonly state: 'decided' | 'pending' | 'succeeded' | 'failed';
  readonly stripeId?: string;
  readonly decidedAt: Date;
}

export type PurchaseEventType = 'created' | 'authorized' | 'captured' | 'failed' | 'canceled' | 'voided' | 'refunded';

export interface PurchaseEvent {
  readonly type: PurchaseEventType;
  readonly sequence: number;
  readonly occurredAt: Date;
  readonly reason: string;
  /** The purchase right after it. */
  readonly purchase: Purchase;
}

export interface Changed {
  readonly purchase: Purchase;
  readonly events: readonly PurchaseEvent[];
}

export function unchanged(purchase: Purchase): Changed {
  return { purchase, events: [] };
}

/** Changes what is known of a purchase without telling anybody. */
export function set(changed: Changed, fields: Partial<Purchase>): Changed {
  return { ...changed, purchase: { ...changed.purchase, ...fields } };
}

/** Takes the next sequence for something that others hear of. */
export function tell(changed: Changed, type: PurchaseEventType, now: Date, reason = ''): Changed {
  const purchase = { ...changed.purchase, sequence: changed.purchase.sequence + 1, updatedAt: now };
  const event = { type, sequence: purchase.sequence, occurredAt: now, reason, purchase };
  return { purchase, events: [...changed.events, event] };
}

const TOLD: Readonly<Partial<Record<PurchaseState, PurchaseEventType>>> = {
  AUTHORIZED: 'authorized',
  CAPTURED: 'captured',
  FAILED: 'failed',
  CANCELED: 'canceled',
  VOIDED: 'voided',
  REFUNDED: 'refunded',
};

/** The only way to another state: refuses what the table of moves does not have. */
export function move(changed: Changed, to: PurchaseState, now: Date, fields: Partial<Purchase> = {}, reason = ''): Changed {
  checkMove(changed.purchase.state, to);
  const moved = set(changed, { ...fields, state: to, updatedAt: now });
  const type = TOLD[to];
  return type ? tell(moved, type, now, reason) : moved;
}

/** What could still be given back. */
export function refundable(purchase: Purchase): bigint {
  return purchase.captured - purchase.refunded - purchase.refunding;
}

import { illegalState } from '#kernel/errors.js';

export const PURCHASE_STATES = [
  'CREATED', // decided and written down; Stripe may not know it yet
  'AWAITING_PAYMENT',
  'AUTHORIZED', // the money is held
  'CAPTURED',
  'FAILED', // the last attempt to pay was declined; another card may still succeed
  'CANCELED',
  'VOIDED', // the hold was given back
  'REFUNDED', // in full
] as const;
export type PurchaseState = (typeof PURCHASE_STATES)[number];

/** Every move there is. What a package includes needs no payment and is in force from the start. */
export const MOVES: Readonly<Record<PurchaseState, readonly PurchaseState[]>> = {
  CREATED: ['AWAITING_PAYMENT', 'AUTHORIZED', 'CAPTURED', 'CANCELED'],
  AWAITING_PAYMENT: ['AUTHORIZED', 'CAPTURED', 'FAILED', 'CANCELED'],
  FAILED: ['AUTHORIZED', 'CAPTURED', 'CANCELED'],
  AUTHORIZED: ['CAPTURED', 'VOIDED'],
  CAPTURED: ['REFUNDED'],
  // The customer's bank sent the refund back.
  REFUNDED: ['CAPTURED'],
  CANCELED: [],
  VOIDED: [],
};

/** At most one purchase of a ticket and product is in one of these. */
export const LIVE: readonly PurchaseState[] = ['CREATED', 'AWAITING_PAYMENT', 'AUTHORIZED', 'CAPTURED'];

/** Ended by cancelling: no money has been taken. */
export const CANCELABLE: readonly PurchaseState[] = ['CREATED', 'AWAITING_PAYMENT', 'FAILED', 'AUTHORIZED'];

export function checkMove(from: PurchaseState, to: PurchaseState): void {
  if (!MOVES[from].includes(to)) {
    throw illegalState('ILLEGAL_TRANSITION', `a purchase in ${from} cannot become ${to}`, from, MOVES[from]);
  }
}

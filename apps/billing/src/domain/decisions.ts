import type { Cause } from '#kernel/desk/commerce.js';
import { DomainError, illegalState } from '#kernel/errors.js';
import { type Changed, move, type Purchase, type Refund, refundable, type RefundReason, set, unchanged } from './purchase.js';
import { CANCELABLE } from './purchase-state.js';

/** Ends a purchase that is not captured; what is captured is refunded instead. */
export function decideCancel(purchase: Purchase, now: Date): Changed {
  if (!CANCELABLE.includes(purchase.state)) {
    const message = `a purchase in ${purchase.state} cannot be cancelled`;
    throw illegalState('NOT_CANCELABLE', message, purchase.state, CANCELABLE);
  }
  if (purchase.closing === 'capture') {
    const message = 'the ticket is resolved and the amount is being captured: it can be refunded afterwards';
    throw illegalState('CAPTURE_DECIDED', message, purchase.state, []);
  }
  if (purchase.included) return move(unchanged(purchase), 'VOIDED', now);
  return set(unchanged(purchase), { closing: 'cancel' });
}

/** A purchase whose payment was never asked for ends at once. */
export function cancelUnasked(purchase: Purchase, now: Date, reason = ''): Changed {
  return move(unchanged(purchase), 'CANCELED', now, { closing: undefined }, reason);
}

/**
 * What becomes of a call-back when its ticket is resolved (OFC-8): captured or given back, as the desk said for the cause.
 * A cause that was not recorded counts as unknown.
 */
export function decideOnCause(purchase: Purchase, cause: Cause | undefined, now: Date): Changed {
  const outcome = purchase.terms.onCause?.[cause ?? 'UNKNOWN'] ?? 'void';
  if (purchase.included) {
    const took = { captured: 0n, capturedAt: now };
    return outcome === 'capture'
      ? move(unchanged(purchase), 'CAPTURED', now, took)
      : move(unchanged(purchase), 'VOIDED', now, {}, cause ?? '');
  }
  return set(unchanged(purchase), { closing: outcome === 'capture' ? 'capture' : 'cancel' });
}

export interface RefundDecision {
  /** Absent: all that is left. */
  readonly amount?: bigint;
  readonly reason: RefundReason;
  readonly approver: string;
}

/** Sets an amount aside to be given back. Errors: STATE NOT_CAPTURED, REFUND_EXCEEDS_CAPTURE. */
export function decideRefund(
  purchase: Purchase,
  decision: RefundDecision,
  id: string,
  now: Date,
): { readonly purchase: Purchase; readonly refund: Refund } {
  if (purchase.state !== 'CAPTURED') {
    const message = `a purchase in ${purchase.state} has nothing to give back`;
    throw illegalState('NOT_CAPTURED', message, purchase.state, ['CAPTURED']);
  }
  const left = refundable(purchase);
  const amount = decision.amount ?? left;
  if (amount > left || amount <= 0n) {
    throw new DomainError('STATE', 'REFUND_EXCEEDS_CAPTURE', `${amount} of ${left} ${purchase.currency} cannot be refunded`, {
      metadata: { current: purchase.state, allowed: '', refundable: String(left), currency: purchase.currency },
    });
  }
  const { reason, approver } = decision;
  return {
    purchase: { ...purchase, refunding: purchase.refunding + amount },
    refund: { id, purchaseId: purchase.id, amount, reason, approver, state: 'decided', decidedAt: now },
  };
}

/** Stripe will not do it: what was set aside is free again. */
export function refundRefused(purchase: Purchase, refund: Refund): { readonly purchase: Purchase; readonly refund: Refund } {
  return {
    purchase: { ...purchase, refunding: purchase.refunding - refund.amount },
    refund: { ...refund, state: 'failed' },
  };
}

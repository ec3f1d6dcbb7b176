import type { PaymentSeen, RefundSeen } from './payment.js';
import { type Changed, move, type Purchase, type Refund, set, tell, unchanged } from './purchase.js';

export interface Observed extends Changed {
  /** Those that are new or have changed. */
  readonly refunds: readonly Refund[];
}

export interface Known {
  readonly refunds: readonly Refund[];
  /** Another purchase of this ticket and product is live. */
  readonly otherLive: boolean;
  readonly newId: () => string;
}

/**
 * Brings a purchase to where its payment stands at Stripe. It depends on nothing but the two: whatever was missed, came
 * twice or in another order in between, the same payment leads to the same state.
 */
export function observePayment(purchase: Purchase, seen: PaymentSeen, known: Known, now: Date): Observed {
  let changed = set(unchanged(purchase), { intentId: seen.intentId, clientSecret: seen.clientSecret });
  if (purchase.state === 'CREATED') changed = move(changed, 'AWAITING_PAYMENT', now);
  changed = followStatus(changed, seen, now);
  const refunds = refundsSeen(changed.purchase, seen, known, now);
  changed = followRefunds(changed, refunds, known.otherLive, now);
  return { ...changed, refunds: refunds.filter((refund) => !known.refunds.includes(refund)) };
}

function followStatus(changed: Changed, seen: PaymentSeen, now: Date): Changed {
  const { state } = changed.purchase;
  const unpaid = state === 'AWAITING_PAYMENT' || state === 'FAILED';
  switch (seen.status) {
    case 'open': {
      if (state !== 'AWAITING_PAYMENT' || !seen.declined) return changed;
      return move(changed, 'FAILED', now, { failureReason: seen.declined }, seen.declined);
    }
    case 'held':
      return unpaid ? authorize(changed, seen, now) : changed;
    case 'taken': {
      if (!unpaid && state !== 'AUTHORIZED') return changed;
      const byHold = unpaid && changed.purchase.productKind === 'call_back';
      const held = byHold ? authorize(changed, seen, now) : set(changed, authorization(seen));
      const capturedAt = seen.lines[0]?.occurredAt ?? now;
      const taken = { captured: seen.charge!.captured, capturedAt, closing: undefined, failureReason: undefined };
      return move(held, 'CAPTURED', now, taken);
    }
    case 'canceled': {
      const reason = seen.cancellationReason ?? '';
      if (unpaid) return move(changed, 'CANCELED', now, { closing: undefined }, reason);
      return state === 'AUTHORIZED' ? move(changed, 'VOIDED', now, { closing: undefined }, reason) : changed;
    }
  }
}

function authorize(changed: Changed, seen: PaymentSeen, now: Date): Changed {
  return move(changed, 'AUTHORIZED', now, { ...authorization(seen), failureReason: undefined });
}

function authorization({ charge }: PaymentSeen): Partial<Purchase> {
  return {
    chargeId: charge!.id,
    authorized: charge!.authorized,
    authorizedAt: charge!.authorizedAt,
    captureBefore: charge!.captureBefore,
  };
}

/** Ours with what Stripe says of them, and those that were made in Stripe's dashboard. */
function refundsSeen(purchase: Purchase, seen: PaymentSeen, known: Known, now: Date): Refund[] {
  const ours = known.refunds.map((refund) => {
    const match = seen.refunds.find((s) => s.stripeId === refund.stripeId || s.refundId === refund.id);
    if (!match || (match.state === refund.state && refund.stripeId)) return refund;
    return { ...refund, state: match.state, stripeId: match.stripeId };
  });
  const isOurs = (s: RefundSeen): boolean => ours.some((refund) => refund.stripeId === s.stripeId);
  const others = seen.refunds.filter((s) => !isOurs(s));
  return [
    ...ours,
    ...others.map((s) => ({
      id: known.newId(),
      purchaseId: purchase.id,
      amount: s.amount,
      reason: '',
      approver: '',
      state: s.state,
      stripeId: s.stripeId,
      decidedAt: now,
    })),
  ];
}

function followRefunds(changed: Changed, refunds: readonly Refund[], otherLive: boolean, now: Date): Changed {
  const before = changed.purchase;
  const sum = (...states: Refund['state'][]): bigint =>
    refunds.filter((refund) => states.includes(refund.state)).reduce((total, refund) => total + refund.amount, 0n);
  const refunded = sum('pending', 'succeeded');
  const after = set(changed, { refunded, refunding: sum('decided') });
  if (refunded === before.refunded) return after;
  const reason = refunds.findLast((refund) => refund.state === 'pending' || refund.state === 'succeeded')?.reason ?? '';
  if (before.state === 'CAPTURED') {
    return refunded === before.captured ? move(after, 'REFUNDED', now, {}, reason) : tell(after, 'refunded', now, reason);
  }
  if (before.state !== 'REFUNDED' || refunded >= before.captured) return after;
  const bounced = { failureReason: 'refund_failed' };
  // What was bought in the meantime stays; the amounts say that this one's money has not gone back.
  return otherLive ? tell(set(after, bounced), 'refunded', now, 'refund_failed') : move(after, 'CAPTURED', now, bounced, 'refund_failed');
}

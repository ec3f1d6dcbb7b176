import { z } from 'zod';
import { badParameter, missing, refused } from '../errors.js';
import { emit } from '../events.js';
import { list } from '../http/listing.js';
import { amount, mergeMetadata, metadata, parse, text } from '../http/params.js';
import type { Route } from '../http/route.js';
import type { Charge, Refund, RefundOutcome } from '../model.js';
import { behaviour } from '../payments/cards.js';
import { settings } from '../settings.js';
import { find, newId, type Work } from '../work.js';
import { postLine } from './lines.js';

const refundFields = z.strictObject({
  amount: amount.optional(),
  charge: text.optional(),
  payment_intent: text.optional(),
  metadata: metadata.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
});

/** The money leaves the balance at once; the processing fee does not come back. */
function createRefund(work: Work, input: object): Refund {
  const fields = parse(refundFields, input);
  const charge = chargeOf(work, fields.charge, fields.payment_intent);
  if (!charge.captured) {
    throw refused('This payment was not captured: cancel its PaymentIntent instead of refunding it.', {
      code: 'charge_not_refundable',
      charge: charge.id,
    });
  }
  if (charge.disputed) {
    throw refused(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' });
  }
  const left = charge.amount_captured - charge.amount_refunded;
  if (left === 0) {
    throw refused(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  }
  const value = fields.amount ?? left;
  if (value > left) {
    throw refused(`Refund amount (${value}) is greater than unrefunded amount on charge (${left})`, {
      param: 'amount',
    });
  }
  const refund = bookRefund(work, charge, value, fields);
  const outcome = nextOutcome(work, charge);
  return outcome === 'pending' ? refund : settleRefund(work, refund.id, outcome);
}

function bookRefund(work: Work, charge: Charge, value: number, fields: z.infer<typeof refundFields>): Refund {
  const id = newId('refund');
  const line = postLine(work, {
    type: 'refund',
    reporting_category: 'refund',
    amount: -value,
    currency: charge.currency,
    source: id,
    description: 'REFUND FOR CHARGE',
  });
  const refund: Refund = {
    id,
    object: 'refund',
    amount: value,
    balance_transaction: line.id,
    charge: charge.id,
    created: work.now,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: mergeMetadata({}, fields.metadata),
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: fields.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'pending',
    transfer_reversal: null,
  };
  work.store.put('refund', refund);
  const changed = setRefunded(work, charge, charge.amount_refunded + value);
  emit(work, 'refund.created', refund);
  emit(work, 'charge.refunded', changed);
  return refund;
}

/** Ends a pending refund. A failed one gives the money back to the balance, by a line of its own. */
export function settleRefund(work: Work, id: string, outcome: 'succeeded' | 'failed'): Refund {
  const refund = find(work, 'refund', id);
  const mayFail = refund.status === 'pending' || refund.status === 'succeeded';
  if (outcome === 'succeeded' ? refund.status !== 'pending' : !mayFail) {
    throw refused(`The refund ${id} is ${String(refund.status)} and cannot become ${outcome}.`);
  }
  if (outcome === 'succeeded') {
    const settled: Refund = { ...refund, status: 'succeeded' };
    work.store.put('refund', settled);
    emit(work, 'refund.updated', settled);
    return settled;
  }
  const line = postLine(work, {
    type: 'refund_failure',
    reporting_category: 'refund_failure',
    amount: refund.amount,
    currency: refund.currency,
    source: id,
    description: 'REFUND FAILURE',
  });
  const failed: Refund = {
    ...refund,
    status: 'failed',
    failure_reason: 'expired_or_canceled_card',
    failure_balance_transaction: line.id,
  };
  work.store.put('refund', failed);
  const charge = find(work, 'charge', String(refund.charge));
  setRefunded(work, charge, charge.amount_refunded - refund.amount);
  emit(work, 'refund.updated', failed);
  emit(work, 'refund.failed', failed);
  return failed;
}

function setRefunded(work: Work, charge: Charge, amount_refunded: number): Charge {
  const changed: Charge = { ...charge, amount_refunded, refunded: amount_refunded === charge.amount_captured };
  work.store.put('charge', changed);
  return changed;
}

/** What was ordered through the sandbox's settings comes first, then what the test card does. */
function nextOutcome(work: Work, charge: Charge): RefundOutcome {
  const current = settings(work.store);
  const [ordered, ...later] = current.next_refunds;
  if (ordered !== undefined) {
    work.store.put('settings', { ...current, next_refunds: later });
    return ordered;
  }
  return (charge.payment_method && behaviour(work, charge.payment_method).refund) || 'succeeded';
}

function chargeOf(work: Work, charge: string | undefined, intent: string | undefined): Charge {
  if (charge !== undefined) return find(work, 'charge', charge, 'charge');
  if (intent === undefined)
    throw badParameter('One of charge or payment_intent is required.', 'payment_intent', 'parameter_missing');
  const { latest_charge } = find(work, 'payment_intent', intent, 'payment_intent');
  const found = latest_charge === null ? undefined : work.store.get('charge', latest_charge);
  if (found === undefined || !found.paid) {
    throw refused(`This PaymentIntent (${intent}) does not have a successful charge to refund.`);
  }
  return found;
}

export const refundRoutes: readonly Route[] = [
  { method: 'post', path: '/v1/refunds', run: ({ work, input }) => createRefund(work, input) },
  {
    method: 'get',
    path: '/v1/refunds',
    run: ({ work, input }) => list(work, 'refund', '/v1/refunds', input, ['charge', 'payment_intent']),
  },
  { method: 'get', path: '/v1/refunds/:id', run: ({ work, id }) => find(work, 'refund', id) },
  {
    method: 'get',
    path: '/v1/charges/:id/refunds',
    run: ({ work, id, input }) => {
      if (work.store.get('charge', id) === undefined) throw missing('charge', id);
      return list(work, 'refund', `/v1/charges/${id}/refunds`, { ...input, charge: id }, ['charge']);
    },
  },
  {
    method: 'post',
    path: '/v1/refunds/:id',
    run: ({ work, id, input }) => {
      const fields = parse(z.strictObject({ metadata: metadata.optional() }), input);
      const refund = find(work, 'refund', id);
      const changed = { ...refund, metadata: mergeMetadata(refund.metadata, fields.metadata) };
      work.store.put('refund', changed);
      emit(work, 'refund.updated', changed);
      return changed;
    },
  },
];

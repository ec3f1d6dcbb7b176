import { z } from 'zod';
import { badParameter, refused } from '../errors.js';
import { emit } from '../events.js';
import { list } from '../http/listing.js';
import { bool, mergeMetadata, metadata, parse } from '../http/params.js';
import type { Route } from '../http/route.js';
import type { BalanceTransaction, Dispute } from '../model.js';
import { settings } from '../settings.js';
import { find, newId, type Work } from '../work.js';
import { disputeFee, postLine, settle } from './lines.js';

const RESPONSE_SECONDS = 9 * 86_400;

const EVIDENCE = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_communication',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'customer_signature',
  'duplicate_charge_documentation',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'receipt',
  'refund_policy',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'service_documentation',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_documentation',
  'shipping_tracking_number',
  'uncategorized_file',
  'uncategorized_text',
] as const;

const byEvidence = <T>(value: T): Record<(typeof EVIDENCE)[number], T> =>
  Object.fromEntries(EVIDENCE.map((name) => [name, value])) as Record<(typeof EVIDENCE)[number], T>;

const disputeFields = z.strictObject({
  evidence: z.strictObject(byEvidence(z.string().max(150_000).optional())).optional(),
  metadata: metadata.optional(),
  submit: bool.default(true),
});

/** The bank takes the money back, and Stripe its fee, until the dispute is decided. */
export function openDispute(work: Work, chargeId: string, wish: { amount?: number; reason?: string }): Dispute {
  const charge = find(work, 'charge', chargeId, 'charge');
  const left = charge.amount_captured - charge.amount_refunded;
  const amount = wish.amount ?? left;
  if (charge.disputed) throw refused(`Charge ${chargeId} is disputed already.`);
  if (amount <= 0 || amount > left) throw badParameter(`Up to ${left} of this charge can be disputed.`, 'amount');
  const id = newId('dispute');
  const settled = settle(work, amount, charge.currency);
  const withdrawn = postAdjustment(
    work,
    id,
    -amount,
    charge.currency,
    'dispute',
    disputeFee(settings(work.store), settled.currency),
  );
  const dispute: Dispute = {
    id,
    object: 'dispute',
    amount,
    balance_transactions: [withdrawn],
    charge: chargeId,
    created: work.now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: { ...byEvidence(null), enhanced_evidence: {} },
    evidence_details: {
      due_by: work.now + RESPONSE_SECONDS,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: wish.reason ?? 'fraudulent',
    status: 'needs_response',
  };
  work.store.put('dispute', dispute);
  work.store.put('charge', { ...charge, disputed: true });
  emit(work, 'charge.dispute.created', dispute);
  emit(work, 'charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

/** `winning_evidence` and `losing_evidence` as the uncategorised text decide at once, as in Stripe's test mode. */
function updateDispute(work: Work, id: string, input: object): Dispute {
  const fields = parse(disputeFields, input);
  const dispute = find(work, 'dispute', id);
  checkOpen(dispute);
  const isSubmission = fields.submit && fields.evidence !== undefined;
  const updated: Dispute = {
    ...dispute,
    evidence: { ...dispute.evidence, ...fields.evidence },
    evidence_details: {
      ...dispute.evidence_details,
      has_evidence: dispute.evidence_details.has_evidence || fields.evidence !== undefined,
      submission_count: dispute.evidence_details.submission_count + (isSubmission ? 1 : 0),
      ...(isSubmission && { submission_method: 'manual' as const }),
    },
    metadata: mergeMetadata(dispute.metadata, fields.metadata),
    status: isSubmission ? 'under_review' : dispute.status,
  };
  work.store.put('dispute', updated);
  emit(work, 'charge.dispute.updated', updated);
  if (!isSubmission) return updated;
  if (updated.evidence.uncategorized_text === 'winning_evidence') return decideDispute(work, id, 'won');
  if (updated.evidence.uncategorized_text === 'losing_evidence') return decideDispute(work, id, 'lost');
  return updated;
}

/** A won dispute brings the amount back; the fee stays with Stripe either way. */
export function decideDispute(work: Work, id: string, status: 'won' | 'lost'): Dispute {
  const dispute = find(work, 'dispute', id);
  checkOpen(dispute);
  const decided: Dispute = {
    ...dispute,
    status,
    balance_transactions:
      status === 'lost'
        ? dispute.balance_transactions
        : [
            ...dispute.balance_transactions,
            postAdjustment(work, id, dispute.amount, dispute.currency, 'dispute_reversal', 0),
          ],
  };
  work.store.put('dispute', decided);
  emit(work, 'charge.dispute.closed', decided);
  if (status === 'won') emit(work, 'charge.dispute.funds_reinstated', decided);
  return decided;
}

function checkOpen(dispute: Dispute): void {
  if (dispute.status === 'needs_response' || dispute.status === 'under_review') return;
  throw refused(`This dispute is already closed: ${dispute.status}.`);
}

function postAdjustment(
  work: Work,
  dispute: string,
  amount: number,
  currency: string,
  reporting_category: 'dispute' | 'dispute_reversal',
  fee: number,
): BalanceTransaction {
  return postLine(work, {
    type: 'adjustment',
    reporting_category,
    amount,
    currency,
    source: dispute,
    fee,
    fee_description: 'Dispute fee',
    description: reporting_category === 'dispute' ? 'Chargeback withdrawal' : 'Chargeback reversal',
  });
}

export const disputeRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/disputes',
    run: ({ work, input }) => list(work, 'dispute', '/v1/disputes', input, ['charge', 'payment_intent']),
  },
  { method: 'get', path: '/v1/disputes/:id', run: ({ work, id }) => find(work, 'dispute', id) },
  { method: 'post', path: '/v1/disputes/:id', run: ({ work, id, input }) => updateDispute(work, id, input) },
  {
    method: 'post',
    path: '/v1/disputes/:id/close',
    run: ({ work, id, input }) => {
      parse(z.strictObject({}), input);
      return decideDispute(work, id, 'lost');
    },
  },
];

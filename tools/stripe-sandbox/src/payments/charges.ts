import { emit } from '../events.js';
import { openDispute } from '../money/disputes.js';
import { postLine, processingFee } from '../money/lines.js';
import type { BalanceTransaction, Charge, PaymentIntent, PaymentMethod } from '../model.js';
import { settings } from '../settings.js';
import { newId, type Work } from '../work.js';
import { behaviour, type Decline, fingerprint, NO_BILLING_DETAILS } from './cards.js';

/** One attempt to take money: a declined one leaves a charge as well, with what went wrong. */
export function makeCharge(work: Work, intent: PaymentIntent, method: PaymentMethod, decline: Decline | null): Charge {
  const card = behaviour(work, method.id);
  const isHold = decline === null && intent.capture_method === 'manual';
  const charge: Charge = {
    id: newId('charge'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: NO_BILLING_DETAILS,
    calculated_statement_descriptor: 'PRIOLANE SANDBOX',
    captured: false,
    created: work.now,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: {
      advice_code: decline === null ? null : 'try_again_later',
      network_advice_code: null,
      network_decline_code: decline === null ? null : '01',
      network_status: decline === null ? 'approved_by_network' : 'declined_by_network',
      reason: decline?.decline_code ?? null,
      risk_level: 'normal',
      risk_score: 20,
      seller_message: decline === null ? 'Payment complete.' : 'The bank did not return any further details.',
      type: decline === null ? 'authorized' : 'issuer_declined',
    },
    paid: decline === null,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: {
      type: 'card',
      card: {
        amount_authorized: decline === null ? intent.amount : null,
        authorization_code: decline === null ? '123456' : null,
        brand: card.brand,
        ...(isHold && { capture_before: work.now + settings(work.store).hold_seconds }),
        checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
        country: card.country,
        electronic_commerce_indicator: null,
        exp_month: 12,
        exp_year: 2040,
        extended_authorization: { status: 'disabled' },
        fingerprint: method.card?.fingerprint ?? fingerprint(method.id),
        funding: 'credit',
        incremental_authorization: { status: 'unavailable' },
        installments: null,
        last4: card.last4,
        mandate: null,
        multicapture: { status: 'unavailable' },
        network: card.brand,
        network_transaction_id: null,
        overcapture: { maximum_amount_capturable: intent.amount, status: 'unavailable' },
        regulated_status: 'unregulated',
        three_d_secure: null,
        transaction_link_id: null,
        wallet: null,
      },
    },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: decline === null ? 'succeeded' : 'failed',
    transfer_data: null,
    transfer_group: intent.transfer_group,
  };
  work.store.put('charge', charge);
  if (decline !== null) emit(work, 'charge.failed', charge);
  return charge;
}

/** Takes `amount` of what was authorised: the balance gets its lines, and the charge its fee. */
export function captureCharge(work: Work, charge: Charge, amount: number, event: string): Charge {
  const line = postCapture(work, charge, amount);
  const captured: Charge = { ...charge, captured: true, amount_captured: amount, balance_transaction: line.id };
  work.store.put('charge', captured);
  emit(work, event, captured);
  return captured;
}

/** A disputing test card does so once the money is taken. */
export function disputeWhereTheCardDoes(work: Work, charge: Charge): void {
  const reason = charge.payment_method && behaviour(work, charge.payment_method).dispute;
  if (reason) openDispute(work, charge.id, { reason });
}

/**
 * A partial capture gives two lines: the whole authorisation, and the reversal of what was not taken, which gives back
 * its share of the fee. `one_line` is how accounts on API versions from 2025-03-31 on are booked.
 */
function postCapture(work: Work, charge: Charge, amount: number): BalanceTransaction {
  const { partial_capture, settle_seconds } = settings(work.store);
  const instant = charge.payment_method !== null && behaviour(work, charge.payment_method).instant;
  const common = {
    currency: charge.currency,
    source: charge.id,
    description: charge.description,
    available_on: work.now + (instant ? 0 : settle_seconds),
  };
  const feeOf = (minor: number): number => processingFee(work, minor, charge.currency);
  const booked = partial_capture === 'two_lines' ? charge.amount : amount;
  const line = postLine(work, {
    ...common,
    type: 'charge',
    reporting_category: 'charge',
    amount: booked,
    fee: feeOf(booked),
  });
  if (booked > amount) {
    postLine(work, {
      ...common,
      type: 'refund',
      reporting_category: 'partial_capture_reversal',
      amount: amount - booked,
      fee: feeOf(amount) - feeOf(booked),
    });
  }
  return line;
}

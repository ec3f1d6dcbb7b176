import { z } from 'zod';
import { badParameter, refused } from '../errors.js';
import { emit } from '../events.js';
import { list } from '../http/listing.js';
import { amount, currency, mergeMetadata, metadata, parse, text } from '../http/params.js';
import type { Route } from '../http/route.js';
import type { BalanceTransaction, Payout } from '../model.js';
import { find, newId, type Work } from '../work.js';
import { postLine } from './lines.js';

const payoutFields = z.strictObject({
  amount,
  currency,
  description: text.optional(),
  metadata: metadata.optional(),
  statement_descriptor: text.optional(),
});

/**
 * Pays out, per currency, all that is available and went with no payout yet: the sum of the lines' net is the amount.
 * With `settle` what is still pending counts as available. Currencies with nothing to pay are left out.
 */
export function payOutAll(work: Work, wish: { currency?: string | undefined; settle?: boolean | undefined }): Payout[] {
  if (wish.settle) {
    for (const line of work.store.all('balance_transaction')) {
      if (line.status === 'pending')
        work.store.put('balance_transaction', { ...line, status: 'available', available_on: work.now });
    }
  }
  const lines = work.store
    .all('balance_transaction')
    .filter((l) => l.status === 'available' && work.store.get('paid_out', l.id) === undefined)
    .filter((l) => wish.currency === undefined || l.currency === wish.currency);
  return [...byCurrency(lines)].flatMap(([code, group]) => {
    const sum = total(group);
    if (sum <= 0) return [];
    const payout = makePayout(work, sum, code, { automatic: true });
    for (const line of group) work.store.put('paid_out', { id: line.id, payout: payout.id });
    return [payout];
  });
}

function createPayout(work: Work, input: object): Payout {
  const { amount: value, currency: code, metadata: change, ...texts } = parse(payoutFields, input);
  const available = total(
    work.store.all('balance_transaction').filter((l) => l.status === 'available' && l.currency === code),
  );
  if (value > available) {
    throw refused('You have insufficient funds in your Stripe account for this transfer.', {
      code: 'balance_insufficient',
      param: 'amount',
    });
  }
  return makePayout(work, value, code, { automatic: false, metadata: mergeMetadata({}, change), ...texts });
}

function makePayout(work: Work, value: number, code: string, given: Partial<Payout> & { automatic: boolean }): Payout {
  const id = newId('payout');
  const line = postLine(work, {
    type: 'payout',
    reporting_category: 'payout',
    amount: -value,
    currency: code,
    source: id,
    description: 'STRIPE PAYOUT',
  });
  if (given.automatic) work.store.put('paid_out', { id: line.id, payout: id });
  const payout: Payout = {
    id,
    object: 'payout',
    amount: value,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: work.now,
    balance_transaction: line.id,
    created: work.now,
    currency: code,
    description: null,
    destination: 'ba_sandbox',
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: given.automatic ? 'completed' : 'not_applicable',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: null,
    trace_id: null,
    type: 'bank_account',
    ...given,
    status: 'in_transit',
  };
  emit(work, 'payout.created', payout);
  const paid: Payout = { ...payout, status: 'paid' };
  work.store.put('payout', paid);
  emit(work, 'payout.paid', paid);
  if (paid.automatic) emit(work, 'payout.reconciliation_completed', paid);
  return paid;
}

/** The bank sends the money back: it is in the balance again, by a line of its own. */
export function failPayout(work: Work, id: string): Payout {
  const payout = find(work, 'payout', id);
  if (payout.status === 'failed') throw refused(`The payout ${id} has failed already.`);
  const line = postLine(work, {
    type: 'payout_failure',
    reporting_category: 'payout_reversal',
    amount: payout.amount,
    currency: payout.currency,
    source: id,
    description: 'STRIPE PAYOUT FAILURE',
  });
  const failed: Payout = {
    ...payout,
    status: 'failed',
    failure_balance_transaction: line.id,
    failure_code: 'account_closed',
    failure_message: 'The bank account has been closed.',
  };
  work.store.put('payout', failed);
  emit(work, 'payout.failed', failed);
  return failed;
}

function listLines(work: Work, input: object): object {
  const { payout, ...query } = parse(z.looseObject({ payout: text.optional() }), input);
  const url = '/v1/balance_transactions';
  const fields = ['source', 'type', 'currency'] as const;
  if (payout === undefined) return list(work, 'balance_transaction', url, query, fields);
  if (!find(work, 'payout', payout, 'payout').automatic) {
    throw badParameter(
      'Balance transaction history can only be filtered on automatic transfers, not manual.',
      'payout',
    );
  }
  return list(
    work,
    'balance_transaction',
    url,
    query,
    fields,
    (l) => work.store.get('paid_out', l.id)?.payout === payout,
  );
}

function balance(work: Work): object {
  const lines = work.store.all('balance_transaction');
  const sums = (status: string): object[] =>
    [...byCurrency(lines)].map(([code, group]) => {
      const value = total(group.filter((l) => l.status === status));
      return { amount: value, currency: code, source_types: { card: value } };
    });
  return { object: 'balance', available: sums('available'), pending: sums('pending'), livemode: false };
}

type Lines = readonly Readonly<BalanceTransaction>[];

function byCurrency(lines: Lines): Map<string, Lines> {
  const codes = new Set(lines.map((line) => line.currency));
  return new Map([...codes].map((code) => [code, lines.filter((line) => line.currency === code)]));
}

function total(lines: Lines): number {
  return lines.reduce((sum, line) => sum + line.net, 0);
}

export const payoutRoutes: readonly Route[] = [
  { method: 'post', path: '/v1/payouts', run: ({ work, input }) => createPayout(work, input) },
  {
    method: 'get',
    path: '/v1/payouts',
    run: ({ work, input }) => list(work, 'payout', '/v1/payouts', input, ['status']),
  },
  { method: 'get', path: '/v1/payouts/:id', run: ({ work, id }) => find(work, 'payout', id) },
  { method: 'get', path: '/v1/balance_transactions', run: ({ work, input }) => listLines(work, input) },
  { method: 'get', path: '/v1/balance_transactions/:id', run: ({ work, id }) => find(work, 'balance_transaction', id) },
  { method: 'get', path: '/v1/balance', run: ({ work }) => balance(work) },
];

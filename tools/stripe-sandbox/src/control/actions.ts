import { z } from 'zod';
import { queue } from '../events.js';
import { changeSettings, settings, settingsChange } from '../settings.js';
import { decideDispute, openDispute } from '../money/disputes.js';
import { postLine } from '../money/lines.js';
import { failPayout, payOutAll } from '../money/payouts.js';
import { settleRefund } from '../money/refunds.js';
import { authenticate } from '../payments/confirm.js';
import { find, type Work } from '../work.js';
import { dropDeliveries, listDeliveries, releaseDeliveries, setHold } from './deliveries.js';

/** A handle of the sandbox that Stripe does not have: JSON in, JSON out, one transaction. */
export interface Action {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly run: (work: Work, id: string, input: object) => unknown;
}

const code = z.string().regex(/^[a-z]{3}$/);
const disputeWish = z.strictObject({
  charge: z.string(),
  amount: z.int().positive().optional(),
  reason: z.string().optional(),
});
const payoutWish = z.strictObject({ currency: code.optional(), settle: z.boolean().optional() });
const stripeFee = z.strictObject({ amount: z.int().positive(), currency: code, description: z.string() });

export const actions: readonly Action[] = [
  { method: 'get', path: '/settings', run: ({ store }) => settings(store) },
  {
    method: 'post',
    path: '/settings',
    run: ({ store }, _, input) => changeSettings(store, settingsChange.parse(input)),
  },
  {
    method: 'post',
    path: '/payment_intents/:id/authenticate',
    run: (work, id, input) => {
      const { result } = z.strictObject({ result: z.enum(['pass', 'fail']).default('pass') }).parse(input);
      return authenticate(work, id, result === 'pass');
    },
  },
  {
    method: 'post',
    path: '/refunds/:id/settle',
    run: (work, id, input) =>
      settleRefund(work, id, z.strictObject({ status: z.enum(['succeeded', 'failed']) }).parse(input).status),
  },
  {
    method: 'post',
    path: '/disputes',
    run: (work, _, input) => {
      const { charge, amount, reason } = disputeWish.parse(input);
      return openDispute(work, charge, { ...(amount && { amount }), ...(reason && { reason }) });
    },
  },
  {
    method: 'post',
    path: '/disputes/:id/decide',
    run: (work, id, input) =>
      decideDispute(work, id, z.strictObject({ status: z.enum(['won', 'lost']) }).parse(input).status),
  },
  { method: 'post', path: '/payouts', run: (work, _, input) => ({ data: payOutAll(work, payoutWish.parse(input)) }) },
  { method: 'post', path: '/payouts/:id/fail', run: (work, id) => failPayout(work, id) },
  {
    method: 'post',
    path: '/stripe_fees',
    run: (work, _, input) => {
      const { amount, ...fee } = stripeFee.parse(input);
      return postLine(work, { type: 'stripe_fee', reporting_category: 'fee', source: null, ...fee, amount: -amount });
    },
  },
  { method: 'get', path: '/deliveries', run: (work, _, input) => ({ data: listDeliveries(work, input) }) },
  { method: 'post', path: '/webhooks/hold', run: (work) => setHold(work) },
  { method: 'post', path: '/webhooks/release', run: (work, _, input) => releaseDeliveries(work, input) },
  { method: 'post', path: '/webhooks/drop', run: (work, _, input) => dropDeliveries(work, input) },
  {
    method: 'post',
    path: '/events/:id/redeliver',
    run: (work, id, input) => {
      const { times } = z.strictObject({ times: z.int().min(1).max(100).default(1) }).parse(input);
      const event = find(work, 'event', id);
      const endpoints = work.store.all('webhook_endpoint').filter((e) => e.status === 'enabled');
      const rounds = Array.from({ length: times }, () => endpoints).flat();
      return { data: rounds.map((endpoint) => queue(work, id, event.type, endpoint.id)) };
    },
  },
];

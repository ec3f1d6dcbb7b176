import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { badParameter, unexpectedState } from '../errors.js';
import { emit } from '../events.js';
import { amount, bool, currency, mergeMetadata, metadata, parse, text } from '../http/params.js';
import type { PaymentIntent } from '../model.js';
import { find, newId, type Work } from '../work.js';
import { resolvePaymentMethod } from './cards.js';
import { confirm, confirmFields } from './confirm.js';

/** Stripe's least amounts in minor units, for the currencies that have one of their own. */
const LEAST: Readonly<Record<string, number>> = {
  eur: 50,
  usd: 50,
  chf: 50,
  gbp: 30,
  jpy: 50,
  sek: 300,
  nok: 300,
  dkk: 250,
};

const plain = {
  customer: text.optional(),
  description: text.optional(),
  metadata: metadata.optional(),
  payment_method: text.optional(),
  receipt_email: text.optional(),
  setup_future_usage: z.enum(['on_session', 'off_session']).optional(),
  statement_descriptor: text.optional(),
  statement_descriptor_suffix: text.optional(),
  transfer_group: text.optional(),
};

const createFields = z.strictObject({
  ...plain,
  ...confirmFields,
  amount,
  currency,
  allowed_payment_method_types: z.array(z.literal('card')).optional(),
  automatic_payment_methods: z
    .strictObject({ enabled: bool, allow_redirects: z.enum(['always', 'never']).optional() })
    .optional(),
  capture_method: z.enum(['automatic', 'automatic_async', 'manual']).default('automatic_async'),
  confirm: bool.default(false),
});

const updateFields = z.strictObject({ ...plain, amount: amount.optional(), currency: currency.optional() });

const CHANGEABLE = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

export function createIntent(work: Work, input: object): PaymentIntent {
  const fields = parse(createFields, input);
  checkAmount(fields.amount, fields.currency);
  if (fields.customer !== undefined) find(work, 'customer', fields.customer, 'customer');
  const method = fields.payment_method && resolvePaymentMethod(work, fields.payment_method, 'payment_method');
  const id = newId('payment_intent');
  const intent: PaymentIntent = {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: fields.allowed_payment_method_types ?? null,
    amount: fields.amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: automatic(fields),
    canceled_at: null,
    cancellation_reason: null,
    capture_method: fields.capture_method,
    client_secret: `${id}_secret_${randomBytes(12).toString('hex')}`,
    confirmation_method: 'automatic',
    created: work.now,
    currency: fields.currency,
    customer: fields.customer ?? null,
    customer_account: null,
    description: fields.description ?? null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: { enabled: false },
    metadata: mergeMetadata({}, fields.metadata),
    next_action: null,
    on_behalf_of: null,
    payment_method: method ? method.id : null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: fields.receipt_email ?? null,
    review: null,
    setup_future_usage: fields.setup_future_usage ?? null,
    shipping: null,
    source: null,
    statement_descriptor: fields.statement_descriptor ?? null,
    statement_descriptor_suffix: fields.statement_descriptor_suffix ?? null,
    status: method ? 'requires_confirmation' : 'requires_payment_method',
    transfer_data: null,
    transfer_group: fields.transfer_group ?? null,
  };
  work.store.put('payment_intent', intent);
  emit(work, 'payment_intent.created', intent);
  return fields.confirm ? confirm(work, intent, fields) : intent;
}

/** Stripe's default since 2023: automatic payment methods, unless the types are listed. */
function automatic(fields: z.infer<typeof createFields>): PaymentIntent['automatic_payment_methods'] {
  if (fields.allowed_payment_method_types !== undefined) return null;
  return {
    enabled: fields.automatic_payment_methods?.enabled ?? true,
    allow_redirects: fields.automatic_payment_methods?.allow_redirects ?? 'always',
  };
}

export function updateIntent(work: Work, id: string, input: object): PaymentIntent {
  const { metadata: change, payment_method, ...fields } = parse(updateFields, input);
  const intent = find(work, 'payment_intent', id);
  const structural = payment_method ?? fields.amount ?? fields.currency ?? fields.customer;
  if (structural !== undefined && !CHANGEABLE.includes(intent.status)) {
    throw unexpectedState(intent, 'updated in this way', CHANGEABLE);
  }
  if (fields.customer !== undefined) find(work, 'customer', fields.customer, 'customer');
  checkAmount(fields.amount ?? intent.amount, fields.currency ?? intent.currency);
  const method = payment_method && resolvePaymentMethod(work, payment_method, 'payment_method');
  const updated: PaymentIntent = {
    ...intent,
    ...fields,
    metadata: mergeMetadata(intent.metadata, change),
    ...(method && { payment_method: method.id, status: 'requires_confirmation' as const, next_action: null }),
  };
  work.store.put('payment_intent', updated);
  return updated;
}

function checkAmount(value: number, code: string): void {
  const least = LEAST[code] ?? 1;
  if (value < least) {
    throw badParameter(`Amount must be at least ${least} in minor units of ${code}.`, 'amount', 'amount_too_small');
  }
}

import { z } from 'zod';
import { refused } from '../errors.js';
import { emit } from '../events.js';
import { list } from '../http/listing.js';
import { mergeMetadata, metadata, parse, text } from '../http/params.js';
import type { Route } from '../http/route.js';
import type { Customer, PaymentMethod } from '../model.js';
import { find, newId, type Work } from '../work.js';
import { makePaymentMethod, resolvePaymentMethod } from './cards.js';

const customerFields = z.strictObject({
  description: text.optional(),
  email: text.optional(),
  name: text.optional(),
  phone: text.optional(),
  metadata: metadata.optional(),
  invoice_settings: z.strictObject({ default_payment_method: text.optional() }).optional(),
});

const methodFields = z.strictObject({
  type: z.literal('card'),
  card: z.strictObject({ token: text }),
  metadata: metadata.optional(),
});

function makeCustomer(work: Work, input: object): Customer {
  const fields = parse(customerFields, input);
  const customer: Customer = {
    id: newId('customer'),
    object: 'customer',
    address: null,
    balance: 0,
    created: work.now,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: null,
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: {},
    name: null,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  };
  const saved = fill(work, customer, fields);
  emit(work, 'customer.created', saved);
  return saved;
}

function changeCustomer(work: Work, id: string, input: object): Customer {
  const saved = fill(work, find(work, 'customer', id), parse(customerFields, input));
  emit(work, 'customer.updated', saved);
  return saved;
}

function fill(work: Work, customer: Customer, fields: z.infer<typeof customerFields>): Customer {
  const { metadata: change, invoice_settings, ...plain } = fields;
  const saved: Customer = {
    ...customer,
    ...plain,
    metadata: mergeMetadata(customer.metadata, change),
    invoice_settings: { ...customer.invoice_settings, ...invoice_settings },
  };
  work.store.put('customer', saved);
  return saved;
}

/** A saved card: from here on it may be used more than once. */
export function attach(work: Work, method: PaymentMethod, customer: string): PaymentMethod {
  find(work, 'customer', customer, 'customer');
  if (method.customer === customer) return method;
  if (method.customer !== null)
    throw refused('The payment method you provided has already been attached to a customer.');
  if (find(work, 'card_secret', method.id).used) throw refused(USED_UP);
  const attached = { ...method, customer };
  work.store.put('payment_method', attached);
  emit(work, 'payment_method.attached', attached);
  return attached;
}

export const USED_UP =
  'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment or was detached ' +
  'from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.';

function detach(work: Work, id: string): PaymentMethod {
  const method = find(work, 'payment_method', id);
  if (method.customer === null) {
    throw refused('The payment method you provided is not attached to a customer so detachment is impossible.');
  }
  const detached = { ...method, customer: null };
  work.store.put('payment_method', detached);
  work.store.put('card_secret', { ...find(work, 'card_secret', id), used: true });
  emit(work, 'payment_method.detached', detached);
  return detached;
}

export const customerRoutes: readonly Route[] = [
  { method: 'post', path: '/v1/customers', run: ({ work, input }) => makeCustomer(work, input) },
  {
    method: 'get',
    path: '/v1/customers',
    run: ({ work, input }) => list(work, 'customer', '/v1/customers', input, ['email']),
  },
  { method: 'get', path: '/v1/customers/:id', run: ({ work, id }) => find(work, 'customer', id) },
  { method: 'post', path: '/v1/customers/:id', run: ({ work, id, input }) => changeCustomer(work, id, input) },
  {
    method: 'get',
    path: '/v1/customers/:id/payment_methods',
    run: ({ work, id, input }) =>
      list(work, 'payment_method', `/v1/customers/${id}/payment_methods`, { ...input, customer: id }, [
        'customer',
        'type',
      ]),
  },
  {
    method: 'post',
    path: '/v1/payment_methods',
    run: ({ work, input }) => {
      const fields = parse(methodFields, input);
      const method = makePaymentMethod(work, fields.card.token, 'card[token]');
      const saved = { ...method, metadata: mergeMetadata(method.metadata, fields.metadata) };
      work.store.put('payment_method', saved);
      return saved;
    },
  },
  {
    method: 'get',
    path: '/v1/payment_methods',
    run: ({ work, input }) => list(work, 'payment_method', '/v1/payment_methods', input, ['customer', 'type']),
  },
  { method: 'get', path: '/v1/payment_methods/:id', run: ({ work, id }) => find(work, 'payment_method', id) },
  {
    method: 'post',
    path: '/v1/payment_methods/:id/attach',
    run: ({ work, id, input }) => {
      const { customer } = parse(z.strictObject({ customer: text }), input);
      return attach(work, resolvePaymentMethod(work, id, 'id'), customer);
    },
  },
  { method: 'post', path: '/v1/payment_methods/:id/detach', run: ({ work, id }) => detach(work, id) },
];

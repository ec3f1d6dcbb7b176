import { z } from 'zod';
import { list } from '../http/listing.js';
import { mergeMetadata, metadata, parse, text } from '../http/params.js';
import type { Route } from '../http/route.js';
import { find } from '../work.js';
import { confirmIntent } from './confirm.js';
import { cancelIntent, captureIntent } from './holds.js';
import { createIntent, updateIntent } from './intents.js';

const INTENTS = '/v1/payment_intents';

export const paymentRoutes: readonly Route[] = [
  { method: 'post', path: INTENTS, run: ({ work, input }) => createIntent(work, input) },
  {
    method: 'get',
    path: INTENTS,
    run: ({ work, input }) => list(work, 'payment_intent', INTENTS, input, ['customer']),
  },
  {
    method: 'get',
    path: `${INTENTS}/:id`,
    run: ({ work, id, input }) => {
      parse(z.strictObject({ client_secret: text.optional() }), input);
      return find(work, 'payment_intent', id);
    },
  },
  { method: 'post', path: `${INTENTS}/:id`, run: ({ work, id, input }) => updateIntent(work, id, input) },
  { method: 'post', path: `${INTENTS}/:id/confirm`, run: ({ work, id, input }) => confirmIntent(work, id, input) },
  { method: 'post', path: `${INTENTS}/:id/capture`, run: ({ work, id, input }) => captureIntent(work, id, input) },
  { method: 'post', path: `${INTENTS}/:id/cancel`, run: ({ work, id, input }) => cancelIntent(work, id, input) },
  {
    method: 'get',
    path: '/v1/charges',
    run: ({ work, input }) => list(work, 'charge', '/v1/charges', input, ['payment_intent', 'customer']),
  },
  { method: 'get', path: '/v1/charges/:id', run: ({ work, id }) => find(work, 'charge', id) },
  {
    method: 'post',
    path: '/v1/charges/:id',
    run: ({ work, id, input }) => {
      const fields = parse(z.strictObject({ metadata: metadata.optional(), description: text.optional() }), input);
      const charge = find(work, 'charge', id);
      const changed = { ...charge, ...fields, metadata: mergeMetadata(charge.metadata, fields.metadata) };
      work.store.put('charge', changed);
      return changed;
    },
  },
];

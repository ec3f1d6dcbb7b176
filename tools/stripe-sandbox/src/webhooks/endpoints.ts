import { randomBytes } from 'node:crypto';
import { Stripe } from 'stripe';
import { z } from 'zod';
import { list } from '../http/listing.js';
import { bool, mergeMetadata, metadata, parse, text } from '../http/params.js';
import type { Route } from '../http/route.js';
import type { WebhookEndpoint } from '../model.js';
import { find, newId, type Work } from '../work.js';

const endpointFields = {
  description: text.optional(),
  enabled_events: z.array(text).min(1),
  metadata: metadata.optional(),
  url: z.url({ protocol: /^https?$/ }),
};
const createFields = z.strictObject({ ...endpointFields, api_version: text.optional() });
const updateFields = z.strictObject(endpointFields).partial().extend({ disabled: bool.optional() });

type Shown = Omit<WebhookEndpoint, 'secret'>;

function makeEndpoint(work: Work, url: string, enabled_events: string[], secret: string): WebhookEndpoint {
  const endpoint: WebhookEndpoint = {
    id: newId('webhook_endpoint'),
    object: 'webhook_endpoint',
    api_version: Stripe.API_VERSION,
    application: null,
    created: work.now,
    description: null,
    enabled_events,
    livemode: false,
    metadata: {},
    secret,
    status: 'enabled',
    url,
  };
  work.store.put('webhook_endpoint', endpoint);
  return endpoint;
}

/** The endpoint named on the command line: one by that address, with that secret, however often the sandbox starts. */
export function ensureEndpoint(work: Work, url: string, secret: string): void {
  const known = work.store.all('webhook_endpoint').find((e) => e.url === url);
  if (known === undefined) makeEndpoint(work, url, ['*'], secret);
  else work.store.put('webhook_endpoint', { ...known, secret, status: 'enabled' });
}

/** The secret is shown once, when the endpoint is made. */
function withoutSecret(endpoint: WebhookEndpoint): Shown {
  const shown: Partial<WebhookEndpoint> & Shown = { ...endpoint };
  delete shown.secret;
  return shown;
}

function changeEndpoint(work: Work, id: string, input: object): Shown {
  const { disabled, metadata: change, ...fields } = parse(updateFields, input);
  const endpoint = find(work, 'webhook_endpoint', id);
  const changed: WebhookEndpoint = {
    ...endpoint,
    ...fields,
    metadata: mergeMetadata(endpoint.metadata, change),
    ...(disabled !== undefined && { status: disabled ? 'disabled' : 'enabled' }),
  };
  work.store.put('webhook_endpoint', changed);
  return withoutSecret(changed);
}

const PATH = '/v1/webhook_endpoints';

export const webhookRoutes: readonly Route[] = [
  {
    method: 'post',
    path: PATH,
    run: ({ work, input }) => {
      const { url, enabled_events, description, metadata: change } = parse(createFields, input);
      const made = makeEndpoint(work, url, enabled_events, `whsec_${randomBytes(24).toString('base64url')}`);
      const saved = { ...made, description: description ?? null, metadata: mergeMetadata({}, change) };
      work.store.put('webhook_endpoint', saved);
      return saved;
    },
  },
  {
    method: 'get',
    path: PATH,
    run: ({ work, input }) => {
      const page = list(work, 'webhook_endpoint', PATH, input);
      return { ...page, data: page.data.map(withoutSecret) };
    },
  },
  { method: 'get', path: `${PATH}/:id`, run: ({ work, id }) => withoutSecret(find(work, 'webhook_endpoint', id)) },
  { method: 'post', path: `${PATH}/:id`, run: ({ work, id, input }) => changeEndpoint(work, id, input) },
  {
    method: 'delete',
    path: `${PATH}/:id`,
    run: ({ work, id }) => {
      find(work, 'webhook_endpoint', id);
      work.store.remove('webhook_endpoint', id);
      return { id, object: 'webhook_endpoint', deleted: true };
    },
  },
  {
    method: 'get',
    path: '/v1/events',
    run: ({ work, input }) => {
      const fields = z.looseObject({ types: z.array(text).optional(), delivery_success: bool.optional() });
      const { types, delivery_success, ...query } = parse(fields, input);
      return list(
        work,
        'event',
        '/v1/events',
        query,
        ['type'],
        (event) =>
          (types === undefined || types.includes(event.type)) &&
          (delivery_success === undefined || (event.pending_webhooks === 0) === delivery_success),
      );
    },
  },
  { method: 'get', path: '/v1/events/:id', run: ({ work, id }) => find(work, 'event', id) },
];

import { Stripe } from 'stripe';
import type { Delivery } from './model.js';
import { settings } from './settings.js';
import { newId, type Work } from './work.js';

/** Records what happened, with the object as it is now, and queues it for every endpoint that wants its type. */
export function emit(work: Work, type: string, object: { readonly object: string }): void {
  const endpoints = work.store
    .all('webhook_endpoint')
    .filter((e) => e.status === 'enabled' && (e.enabled_events.includes('*') || e.enabled_events.includes(type)));
  const id = newId('event');
  work.store.put('event', {
    id,
    object: 'event',
    api_version: Stripe.API_VERSION,
    created: work.now,
    data: { object },
    livemode: false,
    pending_webhooks: endpoints.length,
    request: work.request,
    type,
  });
  for (const endpoint of endpoints) queue(work, id, type, endpoint.id);
}

/** A further delivery of an event that was sent before, as Stripe's "resend" does. */
export function queue(work: Work, event: string, eventType: string, endpoint: string): Delivery {
  const delivery: Delivery = {
    id: newId('delivery'),
    event,
    event_type: eventType,
    endpoint,
    created: work.now,
    rank: work.store.count('delivery') + 1,
    status: fate(work),
    attempts: 0,
    last_status: null,
    last_error: null,
  };
  work.store.put('delivery', delivery);
  return delivery;
}

function fate(work: Work): Delivery['status'] {
  const current = settings(work.store);
  if (current.webhooks_drop_next > 0) {
    work.store.put('settings', { ...current, webhooks_drop_next: current.webhooks_drop_next - 1 });
    return 'dropped';
  }
  return current.webhooks_held ? 'held' : 'pending';
}

import { z } from 'zod';
import type { Delivery, Settings } from '../model.js';
import { settings } from '../settings.js';
import type { Work } from '../work.js';

const filter = z.strictObject({
  status: z.enum(['pending', 'held', 'delivered', 'dropped']).optional(),
  event: z.string().optional(),
  type: z.string().optional(),
});
const release = z.strictObject({ order: z.enum(['created', 'reverse']).default('created') });
const drop = z.strictObject({ next: z.int().nonnegative().optional(), waiting: z.boolean().default(false) });

export function listDeliveries(work: Work, query: object): Readonly<Delivery>[] {
  const { status, event, type } = filter.parse(query);
  return work.store
    .all('delivery')
    .filter((d) => status === undefined || d.status === status)
    .filter((d) => event === undefined || d.event === event)
    .filter((d) => type === undefined || d.event_type === type);
}

/** From now on nothing is sent, until the release. */
export function setHold(work: Work): { held: number } {
  work.store.put('settings', { ...settings(work.store), webhooks_held: true });
  for (const delivery of work.store.all('delivery')) {
    if (delivery.status === 'pending') work.store.put('delivery', { ...delivery, status: 'held' });
  }
  return { held: listDeliveries(work, { status: 'held' }).length };
}

/** Sends what was held, in the order it was made or the other way round. */
export function releaseDeliveries(work: Work, input: object): { released: number } {
  const { order } = release.parse(input);
  work.store.put('settings', { ...settings(work.store), webhooks_held: false });
  const held = listDeliveries(work, { status: 'held' }).toSorted((a, b) => a.rank - b.rank);
  const ranks = held.map((d) => d.rank);
  if (order === 'reverse') ranks.reverse();
  for (const [index, delivery] of held.entries()) {
    work.store.put('delivery', { ...delivery, status: 'pending', attempts: 0, rank: ranks[index] ?? delivery.rank });
  }
  return { released: held.length };
}

/** Lost webhooks: the next so many, and with `waiting` all that have not arrived yet. Only polling finds what they said. */
export function dropDeliveries(work: Work, input: object): { dropped: number; next: number } {
  const { next, waiting } = drop.parse(input);
  const changed: Settings = { ...settings(work.store), ...(next !== undefined && { webhooks_drop_next: next }) };
  work.store.put('settings', changed);
  const lost = waiting ? work.store.all('delivery').filter((d) => d.status === 'pending' || d.status === 'held') : [];
  for (const delivery of lost) work.store.put('delivery', { ...delivery, status: 'dropped' });
  return { dropped: lost.length, next: changed.webhooks_drop_next };
}

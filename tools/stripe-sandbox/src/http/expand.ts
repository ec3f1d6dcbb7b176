import { badParameter } from '../errors.js';
import { kindOf, type Work } from '../work.js';

/** Puts the named neighbours in the place of their ids, in place. Paths are Stripe's: `data.charge.balance_transaction`. */
export function expand(work: Work, body: object, paths: readonly string[]): void {
  for (const path of paths) {
    const segments = path.split('.');
    if (segments.length > 4) throw badParameter('You cannot expand more than 4 levels of a property.', 'expand');
    follow(work, body, segments, path);
  }
}

function follow(work: Work, node: unknown, segments: readonly string[], path: string): void {
  const [head, ...rest] = segments;
  if (head === undefined || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) follow(work, item, segments, path);
    return;
  }
  if (typeof node !== 'object') throw cannotExpand(path);
  if (Reflect.get(node, 'object') === 'charge' && head === 'refunds') Reflect.set(node, head, refundsOf(work, node));
  const value: unknown = Reflect.get(node, head);
  if (value === undefined) throw cannotExpand(path);
  if (typeof value === 'string') Reflect.set(node, head, load(work, value, path));
  follow(work, Reflect.get(node, head), rest, path);
}

function load(work: Work, id: string, path: string): object {
  const kind = kindOf(id);
  const found = kind && work.store.get(kind, id);
  if (found === undefined) throw cannotExpand(path);
  return found;
}

/** A charge shows its refunds only when asked to; the ten newest, as with Stripe. */
function refundsOf(work: Work, charge: object): object {
  const id: unknown = Reflect.get(charge, 'id');
  const refunds = work.store.all('refund').filter((r) => r.charge === id);
  const data = structuredClone(refunds.toReversed().slice(0, 10));
  return { object: 'list', data, has_more: refunds.length > 10, url: `/v1/charges/${String(id)}/refunds` };
}

function cannotExpand(path: string): Error {
  return badParameter(`This property cannot be expanded (${path}).`, 'expand');
}

import { randomBytes } from 'node:crypto';
import { missing } from './errors.js';
import type { Collections, Kind } from './model.js';
import type { Store } from './store.js';

/** One request or control action: a transaction at one instant (`now` in seconds since the epoch). */
export interface Work {
  readonly store: Store;
  readonly now: number;
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
}

const PREFIX = {
  payment_intent: 'pi',
  charge: 'ch',
  refund: 're',
  balance_transaction: 'txn',
  payout: 'po',
  dispute: 'dp',
  customer: 'cus',
  payment_method: 'pm',
  webhook_endpoint: 'we',
  event: 'evt',
  delivery: 'whd',
} as const satisfies Partial<Record<Kind, string>>;

export type ApiKind = keyof typeof PREFIX;

export function newId(kind: ApiKind): string {
  return `${PREFIX[kind]}_${randomBytes(12).toString('hex')}`;
}

export function kindOf(id: string): ApiKind | undefined {
  const prefix = id.slice(0, id.indexOf('_'));
  return (Object.keys(PREFIX) as ApiKind[]).find((kind) => PREFIX[kind] === prefix);
}

/** Stripe answers 404 where the id stood in the path, 400 where it stood in a parameter. */
export function find<K extends Kind>(work: Work, kind: K, id: string, param = 'id'): Collections[K] {
  const found = work.store.get(kind, id);
  if (found === undefined) throw missing(kind, id, param);
  return found;
}

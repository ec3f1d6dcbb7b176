import { createHash } from 'node:crypto';
import { ApiError } from '../errors.js';
import type { KeptAnswer } from '../model.js';
import type { Store } from '../store.js';

const KEPT_SECONDS = 86_400;

export interface KeyedCall {
  readonly key: string;
  /** The path: a key belongs to the endpoint it was first used for. */
  readonly endpoint: string;
  readonly fingerprint: string;
}

/** Answers kept under their idempotency keys, for a day, and the keys whose first call is still at work. */
export class Idempotency {
  private readonly atWork = new Set<string>();

  constructor(private readonly store: Store) {}

  /** The answer of the first call with this key, if there was one; a key in use or used for something else is refused. */
  recall(call: KeyedCall, now: number): KeptAnswer | undefined {
    if (this.atWork.has(call.key)) {
      const message =
        `There is currently another in-progress request using this Idempotency-Key (${call.key}); ` +
        'that probably means you submitted twice, and the other request is still going through.';
      throw new ApiError(409, { type: 'idempotency_error', code: 'idempotency_key_in_use', message }, 'unread');
    }
    const kept = this.store.get('kept_answer', call.key);
    if (kept === undefined || kept.created + KEPT_SECONDS <= now) return undefined;
    if (kept.endpoint !== call.endpoint) {
      throw mismatch(`the same endpoint they were first used for ('${kept.endpoint}')`, call.key);
    }
    if (kept.fingerprint !== call.fingerprint)
      throw mismatch('the same parameters they were first used with', call.key);
    return kept;
  }

  async whileAtWork<T>(key: string | undefined, work: () => Promise<T>): Promise<T> {
    if (key === undefined) return work();
    this.atWork.add(key);
    try {
      return await work();
    } finally {
      this.atWork.delete(key);
    }
  }

  /** Part of the transaction that did the work. */
  keep(call: KeyedCall, answer: { status: number; body: object }, requestId: string, now: number): void {
    this.store.put('kept_answer', {
      id: call.key,
      created: now,
      endpoint: call.endpoint,
      fingerprint: call.fingerprint,
      request_id: requestId,
      ...answer,
    });
  }
}

function mismatch(what: string, key: string): ApiError {
  const message =
    `Keys for idempotent requests can only be used with ${what}. ` +
    `Try using a key other than '${key}' if you meant to execute a different request.`;
  return new ApiError(400, { type: 'idempotency_error', message }, 'unread');
}

/** The same parameters give the same text, in whatever order they were sent. */
export function fingerprint(input: object): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(input)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Something Stripe is to be asked for. Its id makes the request's idempotency key, and is written down before the call. */
export interface Operation {
  readonly id: string;
  readonly purchaseId: string;
  /** `capture` takes what is held; where nothing is held by then, it gives the payment up. */
  readonly kind: 'create' | 'cancel' | 'capture' | 'refund';
  readonly state: OperationState;
  /** Waits until that one has ended. */
  readonly afterId?: string;
  readonly attempts: number;
  /** The first time Stripe was asked, if ever. */
  readonly attemptedAt?: Date;
  readonly error?: string;
}

/** `refused`: Stripe will not do it, however often it is asked. `dropped`: no longer wanted, and never asked for. */
export type OperationState = 'pending' | 'done' | 'refused' | 'dropped';

/** Stripe forgets a key after 24 hours; from then on we look for what we made before making it. */
const KEY_HOLDS_MS = 23 * 60 * 60_000;

export function keyMayBeForgotten(operation: Operation, now: Date): boolean {
  return operation.attemptedAt !== undefined && now.getTime() - operation.attemptedAt.getTime() > KEY_HOLDS_MS;
}

/** Seconds until the next attempt: 1, 2, 4 … up to a quarter of an hour. */
export function pauseAfter(attempts: number): number {
  return Math.min(2 ** Math.max(0, attempts - 1), 900);
}

import { DomainError } from '#kernel/errors.js';
import type { Operation } from '../domain/operation.js';

/**
 * Throws what the end of an operation means for the caller who waits for it: UNAVAILABLE where Stripe cannot be asked just
 * now (it is decided and will be done), or the refusal.
 */
export function afterOperation(operation: Operation, refusal: (error: string) => Error): void {
  if (operation.state === 'pending') {
    const message = 'it is decided and will be done; the payment provider does not answer just now';
    throw new DomainError('UNAVAILABLE', 'PAYMENT_PROVIDER_UNAVAILABLE', message, {
      metadata: { purchase_id: operation.purchaseId },
    });
  }
  if (operation.state === 'refused') throw refusal(operation.error ?? '');
}

import { DomainError } from '#kernel/errors.js';

/** What the index `purchase_live` says to the slower of two, as the refusal it means. */
export function asPurchaseExists(error: unknown): unknown {
  const isSecond = error instanceof Error && (error as { constraint?: unknown }).constraint === 'purchase_live';
  return isSecond ? purchaseExists(error) : error;
}

export function purchaseExists(cause?: Error): DomainError {
  return new DomainError('ALREADY_EXISTS', 'PURCHASE_EXISTS', 'this was bought for the ticket already', { cause });
}

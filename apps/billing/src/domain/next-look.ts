import type { Purchase, Refund } from './purchase.js';

const LONGEST_SECONDS = 3_600;

/**
 * In how many seconds Stripe is asked about a payment unless an event comes first: soon while it is young, then ever more
 * rarely, hourly at last. Undefined where nothing is awaited.
 */
export function nextLook(purchase: Purchase, refunds: readonly Refund[], soonest: number, now: Date): number | undefined {
  const age = (now.getTime() - purchase.createdAt.getTime()) / 1000;
  const later = Math.min(Math.max(soonest, age / 4), LONGEST_SECONDS);
  switch (purchase.state) {
    case 'AWAITING_PAYMENT':
    case 'FAILED':
    case 'AUTHORIZED':
      return later;
    case 'CAPTURED':
    case 'REFUNDED': {
      const booked = purchase.posted === purchase.captured - purchase.refunded;
      const settled = refunds.every((refund) => refund.state === 'succeeded' || refund.state === 'failed');
      return booked && settled ? undefined : later;
    }
    case 'CREATED':
    case 'CANCELED':
    case 'VOIDED':
      return undefined;
  }
}

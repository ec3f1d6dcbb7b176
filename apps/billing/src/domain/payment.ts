/** A line of Stripe's balance: what it books, and what it keeps. Fees come from here and from nowhere else. */
export interface BalanceLine {
  readonly id: string;
  /** `charge`, `refund`, `partial_capture_reversal`, `refund_failure`, … */
  readonly category: string;
  /** What it means for the customer, in the currency of the purchase; negative when money goes back. */
  readonly presented: bigint;
  /** The rest is in the currency that Stripe settles in. */
  readonly currency: string;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly net: bigint;
  readonly exchangeRate?: string;
  readonly occurredAt: Date;
}

export interface RefundSeen {
  readonly stripeId: string;
  /** Our own, where we asked for it. */
  readonly refundId?: string;
  readonly amount: bigint;
  readonly state: 'pending' | 'succeeded' | 'failed';
}

/** A payment as Stripe had it when it was asked; never what an event said. */
export interface PaymentSeen {
  readonly intentId: string;
  readonly clientSecret: string;
  readonly status: 'open' | 'held' | 'taken' | 'canceled';
  /** Why the last attempt failed: `card_declined`, `insufficient_funds`, … */
  readonly declined?: string;
  readonly cancellationReason?: string;
  readonly charge?: {
    readonly id: string;
    readonly authorized: bigint;
    readonly authorizedAt: Date;
    readonly captureBefore?: Date;
    readonly captured: bigint;
  };
  readonly refunds: readonly RefundSeen[];
  readonly lines: readonly BalanceLine[];
}

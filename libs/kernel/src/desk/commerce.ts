import type { Actor, Condition, Duration, Labelled, LocalText } from './vocabulary.js';

export interface PackageSpec extends Labelled {
  /** 1 is the smallest; a change to a higher rank is an upgrade. */
  readonly rank: number;
  /** Service accounts; `null`: any number. */
  readonly seats: number | null;
  /** What a package gives for free, by product id. */
  readonly included?: Readonly<Record<string, { readonly count: number; readonly per: 'month' | 'year' }>>;
}

export const CAUSES = ['OUR_SYSTEMS', 'CUSTOMER', 'THIRD_PARTY', 'UNKNOWN'] as const;
/** Whose fault it was, recorded by the agent who resolves. */
export type Cause = (typeof CAUSES)[number];

export type ProductSpec = PriorityFeeProduct | CallBackProduct;

interface ProductBase extends Labelled {
  /** Versions in force from an instant on; a purchase pins the version it was sold at. */
  readonly prices: readonly PriceVersion[];
  /** Shown before the purchase; accepting it is recorded as the consent. `{{price}}` is the gross price. */
  readonly consent: { readonly version: number; readonly text: LocalText };
  readonly offeredWhen?: Condition;
  readonly effect: { readonly lane: string };
  /** Targets whose breach refunds in full by itself. */
  readonly refundOnBreach: readonly ('firstResponse' | 'cutOff')[];
  /** Who may refund by hand. */
  readonly refundableBy: readonly Actor[];
}

/** Paid up front: captured at once, in force when it is captured. */
export interface PriorityFeeProduct extends ProductBase {
  readonly kind: 'priority_fee';
  readonly capture: 'automatic';
}

/** Authorised at activation; what becomes of it depends on the cause. */
export interface CallBackProduct extends ProductBase {
  readonly kind: 'call_back';
  readonly capture: 'manual';
  readonly onCause: Readonly<Record<Cause, 'capture' | 'void'>>;
  /** How long before the hold expires finance is warned. */
  readonly warnBeforeExpiry: Duration;
  readonly onExpiry: 'reauthorise' | 'mark_lost';
  /** The window within which we call. */
  readonly calledWithin?: { readonly calendar: string; readonly within: Duration };
}

export interface PriceVersion {
  readonly version: number;
  /** RFC 3339. */
  readonly from: string;
  /** Gross, in minor units of the currency. */
  readonly minor: number;
  /** ISO 4217. */
  readonly currency: string;
  /** 1900 is 19 %. The tax is inside `minor`. */
  readonly taxBasisPoints: number;
}

import type { Stripe } from 'stripe';

/** A stored object names its neighbours by id; `expand` puts them in place on the way out. */
type Named<T, K extends keyof T> = Omit<T, K> & { [P in K]: string | null };

/** The body of a Stripe error, as it stands under `error` in an answer and in `last_payment_error`. */
export interface ErrorBody {
  readonly type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  readonly message: string;
  readonly code?: string;
  readonly decline_code?: string;
  readonly param?: string;
  readonly charge?: string;
  readonly doc_url?: string;
  readonly payment_method?: PaymentMethod;
  readonly payment_intent?: PaymentIntent;
}

export type PaymentIntent = Named<
  Omit<Stripe.PaymentIntent, 'last_payment_error'>,
  | 'application'
  | 'customer'
  | 'latest_charge'
  | 'on_behalf_of'
  | 'payment_method'
  | 'payment_record'
  | 'review'
  | 'source'
> & { last_payment_error: ErrorBody | null };

export type Charge = Named<
  Omit<Stripe.Charge, 'refunds' | 'transfer' | 'payment_method_details'>,
  | 'application'
  | 'application_fee'
  | 'balance_transaction'
  | 'customer'
  | 'failure_balance_transaction'
  | 'on_behalf_of'
  | 'payment_intent'
  | 'review'
  | 'source'
  | 'source_transfer'
> & { payment_method_details: { type: 'card'; card: Stripe.Charge.PaymentMethodDetails.Card } };

export type Refund = Named<
  Omit<Stripe.Refund, 'failure_balance_transaction'>,
  | 'balance_transaction'
  | 'charge'
  | 'customer'
  | 'payment_intent'
  | 'payment_method'
  | 'source_transfer_reversal'
  | 'transfer_reversal'
> & { failure_balance_transaction?: string };

export type BalanceTransaction = Named<Stripe.BalanceTransaction, 'source'>;

export type Payout = Named<
  Stripe.Payout,
  | 'application_fee'
  | 'balance_transaction'
  | 'destination'
  | 'failure_balance_transaction'
  | 'original_payout'
  | 'reversed_by'
>;

export type Dispute = Omit<Stripe.Dispute, 'balance_transactions' | 'charge' | 'payment_intent'> & {
  balance_transactions: BalanceTransaction[];
  charge: string;
  payment_intent: string | null;
};

export type PaymentMethod = Named<Stripe.PaymentMethod, 'customer'>;
export type Customer = Named<Omit<Stripe.Customer, 'deleted'>, 'default_source'>;
export type WebhookEndpoint = Omit<Stripe.WebhookEndpoint, 'deleted' | 'secret'> & { secret: string };

/** What happened, with the object as it was then. */
export interface SandboxEvent {
  readonly id: string;
  readonly object: 'event';
  readonly api_version: string;
  readonly created: number;
  readonly data: { readonly object: object };
  readonly livemode: false;
  pending_webhooks: number;
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
  readonly type: string;
}

/** One event on its way to one endpoint. `rank` is the place in the queue, lowest first. */
export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly event_type: string;
  readonly endpoint: string;
  readonly created: number;
  rank: number;
  status: 'pending' | 'held' | 'delivered' | 'dropped';
  attempts: number;
  last_status: number | null;
  last_error: string | null;
}

/** The answer kept under an `Idempotency-Key`, and what was asked. */
export interface KeptAnswer {
  readonly id: string;
  readonly created: number;
  readonly endpoint: string;
  readonly fingerprint: string;
  readonly request_id: string;
  readonly status: number;
  readonly body: object;
}

/** What the sandbox knows about a payment method beside what Stripe would show: its behaviour, and whether it was used. */
export interface CardSecret {
  readonly id: string;
  readonly token: string;
  used: boolean;
}

/** Which automatic payout a balance transaction went out with; the id is that of the balance transaction. */
export interface PaidOut {
  readonly id: string;
  readonly payout: string;
}

export type RefundOutcome = 'succeeded' | 'pending' | 'failed';

export interface Settings {
  readonly id: 'settings';
  clock_offset_ms: number;
  hold_seconds: number;
  settle_seconds: number;
  partial_capture: 'two_lines' | 'one_line';
  fees: Record<string, { basis_points: number; fixed: number }>;
  dispute_fees: Record<string, number>;
  settlement: Record<string, { currency: string; rate: number }>;
  next_refunds: RefundOutcome[];
  webhooks_held: boolean;
  webhooks_drop_next: number;
}

export interface Collections {
  payment_intent: PaymentIntent;
  charge: Charge;
  refund: Refund;
  balance_transaction: BalanceTransaction;
  payout: Payout;
  dispute: Dispute;
  customer: Customer;
  payment_method: PaymentMethod;
  webhook_endpoint: WebhookEndpoint;
  event: SandboxEvent;
  delivery: Delivery;
  kept_answer: KeptAnswer;
  card_secret: CardSecret;
  paid_out: PaidOut;
  settings: Settings;
}

export type Kind = keyof Collections;

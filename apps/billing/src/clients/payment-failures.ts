import { Stripe } from 'stripe';

/** Stripe will not do it, however often it is asked. */
export class PaymentRefused extends Error {
  constructor(
    readonly code: string,
    cause: Error,
  ) {
    super(cause.message, { cause });
    this.name = 'PaymentRefused';
  }
}

/** Nobody knows whether it was done: to be asked again, with the same key. */
export class PaymentUnavailable extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
    this.name = 'PaymentUnavailable';
  }
}

/**
 * A 404 may be another account's key and a 409 a first attempt that is still under way, so that neither is an answer; nor
 * is a key that Stripe does not take.
 */
const REFUSALS = new Set([400, 402]);

/** Every call to Stripe goes through here, and ends in one of the two when it fails. */
export async function asking<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    if (!REFUSALS.has(error.statusCode ?? 0)) throw new PaymentUnavailable(error);
    throw new PaymentRefused(error.decline_code ?? error.code ?? error.type, error);
  }
}

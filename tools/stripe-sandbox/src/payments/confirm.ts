import { z } from 'zod';
import { ApiError, badParameter, refused, unexpectedState } from '../errors.js';
import { emit } from '../events.js';
import { bool, parse, text } from '../http/params.js';
import type { ErrorBody, PaymentIntent, PaymentMethod } from '../model.js';
import { find, type Work } from '../work.js';
import { behaviour, type Decline, resolvePaymentMethod } from './cards.js';
import { captureCharge, disputeWhereTheCardDoes, makeCharge } from './charges.js';
import { attach, USED_UP } from './customers.js';

export const confirmFields = {
  error_on_requires_action: bool.default(false),
  off_session: bool.default(false),
  return_url: text.optional(),
};

const confirmParameters = z.strictObject({
  ...confirmFields,
  payment_method: text.optional(),
  receipt_email: text.optional(),
  setup_future_usage: z.enum(['on_session', 'off_session']).optional(),
});

interface Manner {
  readonly off_session: boolean;
  readonly error_on_requires_action: boolean;
  readonly return_url?: string | undefined;
}

const CONFIRMABLE = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

const NOT_AUTHENTICATED: Decline = {
  code: 'authentication_required',
  decline_code: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};
const AUTHENTICATION_FAILED: Decline = {
  code: 'payment_intent_authentication_failure',
  decline_code: 'authentication_required',
  message:
    'The provided PaymentMethod has failed authentication. You can provide a new PaymentMethod to attempt to fulfill this PaymentIntent again.',
};

export function confirmIntent(work: Work, id: string, input: object): PaymentIntent {
  const { payment_method, receipt_email, setup_future_usage, ...manner } = parse(confirmParameters, input);
  const intent = find(work, 'payment_intent', id);
  if (!CONFIRMABLE.includes(intent.status)) throw unexpectedState(intent, 'confirmed', CONFIRMABLE);
  const method = payment_method && resolvePaymentMethod(work, payment_method, 'payment_method');
  const changed: PaymentIntent = {
    ...intent,
    ...(method && { payment_method: method.id }),
    ...(receipt_email && { receipt_email }),
    ...(setup_future_usage && { setup_future_usage }),
  };
  return confirm(work, changed, manner);
}

/** For an intent in a state that may be confirmed. */
export function confirm(work: Work, intent: PaymentIntent, manner: Manner): PaymentIntent {
  if (intent.payment_method === null) {
    throw refused(
      'You cannot confirm this PaymentIntent because it’s missing a payment method. To confirm the PaymentIntent, ' +
        'specify a payment method attached to this customer along with the customer ID.',
      { code: 'payment_intent_unexpected_state', payment_intent: intent },
    );
  }
  if (intent.automatic_payment_methods?.allow_redirects === 'always' && manner.return_url === undefined) {
    throw badParameter(
      'This PaymentIntent is configured to accept payment methods that might redirect your customer off of your page: ' +
        'provide a `return_url`, or set `automatic_payment_methods[allow_redirects]` to `never`, or list the types.',
      'return_url',
    );
  }
  const method = usable(work, find(work, 'payment_method', intent.payment_method, 'payment_method'), intent);
  if (!behaviour(work, method.id).authentication) return pay(work, intent, method);
  if (manner.off_session || manner.error_on_requires_action) throw declined(work, intent, method, NOT_AUTHENTICATED);
  const waiting: PaymentIntent = { ...intent, status: 'requires_action', next_action: nextAction(manner.return_url) };
  work.store.put('payment_intent', waiting);
  emit(work, 'payment_intent.requires_action', waiting);
  return waiting;
}

/** The customer has answered the bank's question, well or not. A failure is an outcome here, not a refusal. */
export function authenticate(work: Work, id: string, passed: boolean): PaymentIntent {
  const intent = find(work, 'payment_intent', id);
  if (intent.status !== 'requires_action' || intent.payment_method === null) {
    throw unexpectedState(intent, 'authenticated', ['requires_action']);
  }
  const method = find(work, 'payment_method', intent.payment_method);
  if (passed) return pay(work, { ...intent, next_action: null }, method);
  declined(work, intent, method, AUTHENTICATION_FAILED);
  return find(work, 'payment_intent', id);
}

function pay(work: Work, intent: PaymentIntent, method: PaymentMethod): PaymentIntent {
  const { decline } = behaviour(work, method.id);
  if (decline !== undefined) throw declined(work, intent, method, decline);
  if (intent.setup_future_usage !== null && intent.customer !== null) attach(work, method, intent.customer);
  work.store.put('card_secret', { ...find(work, 'card_secret', method.id), used: true });
  const charge = makeCharge(work, intent, method, null);
  const isHold = intent.capture_method === 'manual';
  const taken: PaymentIntent = {
    ...intent,
    amount_capturable: isHold ? intent.amount : 0,
    amount_received: isHold ? 0 : intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    status: isHold ? 'requires_capture' : 'succeeded',
  };
  work.store.put('payment_intent', taken);
  if (isHold) {
    emit(work, 'charge.succeeded', charge);
    emit(work, 'payment_intent.amount_capturable_updated', taken);
  } else {
    const captured = captureCharge(work, charge, charge.amount, 'charge.succeeded');
    emit(work, 'payment_intent.succeeded', taken);
    disputeWhereTheCardDoes(work, captured);
  }
  return taken;
}

/** The attempt stays on record: a failed charge, the error on the intent, and two events. */
function declined(work: Work, intent: PaymentIntent, method: PaymentMethod, decline: Decline): ApiError {
  const charge = makeCharge(work, intent, method, decline);
  const error: ErrorBody = {
    type: 'card_error',
    code: decline.code,
    decline_code: decline.decline_code,
    message: decline.message,
    doc_url: `https://docs.stripe.com/error-codes#${decline.code.replaceAll('_', '-')}`,
    charge: charge.id,
    payment_method: method,
  };
  const failed: PaymentIntent = {
    ...intent,
    last_payment_error: error,
    latest_charge: charge.id,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  };
  work.store.put('payment_intent', failed);
  emit(work, 'payment_intent.payment_failed', failed);
  return new ApiError(402, { ...error, payment_intent: failed }, 'recorded');
}

function usable(work: Work, method: PaymentMethod, intent: PaymentIntent): PaymentMethod {
  if (method.customer === null && find(work, 'card_secret', method.id).used) throw refused(USED_UP);
  if (method.customer !== null && method.customer !== intent.customer) {
    throw refused(
      `The PaymentMethod ${method.id} belongs to a Customer. Please include the Customer in the \`customer\` parameter.`,
      { param: 'payment_method', payment_method: method },
    );
  }
  return method;
}

function nextAction(returnUrl: string | undefined): PaymentIntent['next_action'] {
  if (returnUrl === undefined) return { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'stripe_3ds2_fingerprint' } };
  return { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url: null } };
}

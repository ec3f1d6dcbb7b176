import type { ErrorBody, PaymentIntent } from './model.js';

/**
 * What a refusal leaves behind. `unread`: the parameters were wrong, nothing happened and no answer is kept under the
 * idempotency key. `refused`: nothing happened, the answer is kept. `recorded`: a declined attempt, kept with its traces.
 */
export type Trace = 'unread' | 'refused' | 'recorded';

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: ErrorBody,
    readonly trace: Trace,
  ) {
    super(body.message);
    this.name = 'ApiError';
  }
}

export function badParameter(message: string, param: string, code?: string): ApiError {
  return new ApiError(400, { type: 'invalid_request_error', message, param, ...(code && { code }) }, 'unread');
}

export function missing(what: string, id: string, param = 'id'): ApiError {
  const body = {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${what}: '${id}'`,
    param,
  } as const;
  return new ApiError(param === 'id' ? 404 : 400, body, 'unread');
}

/** Right parameters, wrong moment. */
export function refused(message: string, detail: Partial<ErrorBody> = {}): ApiError {
  return new ApiError(400, { type: 'invalid_request_error', message, ...detail }, 'refused');
}

export function unexpectedState(intent: PaymentIntent, verb: string, allowed: readonly string[]): ApiError {
  return refused(
    `This PaymentIntent could not be ${verb} because it has a status of ${intent.status}. ` +
      `Only a PaymentIntent with one of the following statuses may be ${verb}: ${allowed.join(', ')}.`,
    { code: 'payment_intent_unexpected_state', payment_intent: intent },
  );
}

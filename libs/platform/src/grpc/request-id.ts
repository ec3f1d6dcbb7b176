import { invalid } from '#kernel/errors.js';

const MAX_REQUEST_ID = 128;

/** Every mutation has one: it is what makes a repetition safe. Errors: INVALID_ARGUMENT on `request_id`. */
export function requestIdOf(request: { readonly requestId: string }): string {
  if (request.requestId === '' || request.requestId.length > MAX_REQUEST_ID) {
    throw invalid([{ field: 'request_id', description: `1 to ${MAX_REQUEST_ID} characters; a UUID is best` }]);
  }
  return request.requestId;
}

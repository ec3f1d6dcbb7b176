import type { Violation } from './errors.js';

const MAX_REQUEST_ID = 128;

/** Every mutation has one: it is what makes a repetition safe. */
export function requestIdFaults(requestId: string): Violation[] {
  if (requestId !== '' && requestId.length <= MAX_REQUEST_ID) return [];
  return [{ field: 'request_id', description: `1 to ${MAX_REQUEST_ID} characters; a UUID is best` }];
}

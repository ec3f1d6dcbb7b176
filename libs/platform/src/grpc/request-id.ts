import { invalid } from '#kernel/errors.js';
import { requestIdFaults } from '#kernel/request-id.js';

/** Of a mutation whose other faults are named elsewhere. Errors: INVALID_ARGUMENT on `request_id`. */
export function requestIdOf(request: { readonly requestId: string }): string {
  const faults = requestIdFaults(request.requestId);
  if (faults.length > 0) throw invalid(faults);
  return request.requestId;
}

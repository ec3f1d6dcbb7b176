import type { Scope } from '../domain/visibility.js';

/** The rows of a scope: `$1`–`$3` are the desk, the organisation and the requester. */
export const IN_SCOPE = `desk_id = $1 AND ($2::uuid IS NULL OR organisation_id = $2)
  AND ($3::text IS NULL OR requester_account_id = $3)`;

export function scopeValues(scope: Scope): [string, string | null, string | null] {
  return [scope.deskId, scope.organisationId ?? null, scope.requesterAccountId ?? null];
}

import { type Caller, hasRole } from '#kernel/caller.js';
import { invalid, notFound } from '#kernel/errors.js';

/** The desk of those who look after the whole installation; no desk can have this id. */
export const ALL_DESKS = '*';

/** Which rows a caller may see: every query is narrowed by it. `null` does not narrow. */
export interface Scope {
  readonly deskId: string | null;
  readonly organisationId: string | null;
}

/** Customers without an organisation cannot exist; a token that says so sees nothing. */
const NO_ORGANISATION = '00000000-0000-0000-0000-000000000000';

export function scopeOf(caller: Caller): Scope {
  const deskId = caller.deskId === ALL_DESKS ? null : caller.deskId;
  if (hasRole(caller, 'agent', 'lead', 'finance', 'admin', 'integrator', 'service')) {
    return { deskId, organisationId: caller.organisationId ?? null };
  }
  return { deskId, organisationId: caller.organisationId ?? NO_ORGANISATION };
}

export function servesAllDesks(caller: Caller): boolean {
  return caller.deskId === ALL_DESKS;
}

/** The desk that a request is about. Another desk than one's own does not exist, as far as the caller learns. */
export function deskNamedBy(caller: Caller, named: string): string {
  if (servesAllDesks(caller)) {
    if (named === '') throw invalid([{ field: 'desk_id', description: 'is required from admins of the installation' }]);
    return named;
  }
  if (named !== '' && named !== caller.deskId) throw notFound('desk', named);
  return caller.deskId;
}

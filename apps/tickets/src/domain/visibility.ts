import { type Caller, hasRole, isStaff } from '#kernel/caller.js';
import type { DeskDocument } from '#kernel/desk/document.js';

/** The rows a caller may see; every query on tickets takes one. */
export interface Scope {
  readonly deskId: string;
  /** Set: only tickets of this organisation. */
  readonly organisationId?: string;
  /** Set: only tickets that this account asked for. */
  readonly requesterAccountId?: string;
}

/** Staff and integrators see the desk; customers their own tickets or, where the desk says so, all of their organisation (PKG-14). */
export function scopeOf(desk: DeskDocument, caller: Caller): Scope {
  if (isStaff(caller) || hasRole(caller, 'integrator')) return { deskId: caller.deskId };
  if (desk.tickets.visibility === 'organisation' && caller.organisationId) {
    return { deskId: caller.deskId, organisationId: caller.organisationId };
  }
  return { deskId: caller.deskId, requesterAccountId: caller.accountId };
}

/** A view of the desk file: what the caller asked for, or what the organisation asked for (PKG-14, FLT-9). */
export function scopeOfView(desk: DeskDocument, caller: Caller, tickets: 'requested' | 'organisation'): Scope {
  const scope = scopeOf(desk, caller);
  return tickets === 'requested' ? { ...scope, requesterAccountId: caller.accountId } : scope;
}

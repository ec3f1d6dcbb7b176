import { type Caller, isStaff } from '#kernel/caller.js';
import type { DeskDocument } from '#kernel/desk/document.js';

/** The tickets whose clocks a caller may see. */
export interface Scope {
  readonly deskId: string;
  /** Set: only tickets of this organisation. */
  readonly organisationId?: string;
  /** Set: only tickets that this account asked for. */
  readonly requesterAccountId?: string;
}

/** Staff and integrators of the desk see all; customers what the desk lets them see of its tickets (PKG-14). */
export function scopeOf(desk: DeskDocument, caller: Caller): Scope {
  if (isStaff(caller) || caller.roles.includes('integrator')) return { deskId: caller.deskId };
  if (desk.tickets.visibility === 'organisation' && caller.organisationId) {
    return { deskId: caller.deskId, organisationId: caller.organisationId };
  }
  return { deskId: caller.deskId, requesterAccountId: caller.accountId };
}

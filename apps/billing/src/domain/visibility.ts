import { type Caller, isStaff } from '#kernel/caller.js';
import type { DeskDocument } from '#kernel/desk/document.js';

/** The rows a caller may see; every query on tickets, quotes and purchases takes one. */
export interface Scope {
  readonly deskId: string;
  /** Set: only what belongs to this organisation. */
  readonly organisationId?: string;
  /** Set: only tickets that this account asked for, and what was bought for them. */
  readonly requesterAccountId?: string;
}

/** Whoever sees a ticket sees what was bought for it (PKG-14). */
export function scopeOf(desk: DeskDocument, caller: Caller): Scope {
  if (isStaff(caller)) return { deskId: caller.deskId };
  if (desk.tickets.visibility === 'organisation' && caller.organisationId) {
    return { deskId: caller.deskId, organisationId: caller.organisationId };
  }
  return { deskId: caller.deskId, requesterAccountId: caller.accountId };
}

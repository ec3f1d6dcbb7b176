import { type Caller, type Role } from '#kernel/caller.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { parseDuration } from '#kernel/desk/duration.js';
import { DomainError } from '#kernel/errors.js';
import { isAmong } from './refusal.js';

export function requireInviter(desk: DeskDocument, caller: Caller): void {
  const { by } = desk.accounts.invitations;
  if (isAmong(caller, by)) return;
  throw new DomainError('FORBIDDEN', 'INVITATION_NOT_ALLOWED', `on this desk ${by.join(' and ')} invite`, {
    metadata: { allowed: by.join(',') },
  });
}

/** PKG-4: where the main contact comes first, the first person of an organisation is the one who manages it. */
export function invitedRoles(desk: DeskDocument, roles: readonly Role[], seatsUsed: number): readonly Role[] {
  if (!desk.accounts.invitations.mainContactFirst || seatsUsed > 0 || roles.includes('account_manager')) return roles;
  return [...roles, 'account_manager'];
}

export function invitationExpiry(desk: DeskDocument, now: Date): Date {
  return new Date(now.getTime() + parseDuration(desk.accounts.invitations.expiresAfter) * 1000);
}

/** Opens the page where the invited person sets the first password. */
export function invitationLink(desk: DeskDocument, token: string): string {
  return `${desk.notifications.links.base.replace(/\/$/, '')}/invitations/${token}`;
}

/** A used token and one that never was look the same; an expired one says so, as only its holder can ask. */
export function requireOpenInvitation(expiresAt: Date, now: Date): void {
  if (now.getTime() <= expiresAt.getTime()) return;
  throw new DomainError('STATE', 'INVITATION_EXPIRED', 'the invitation has expired: ask for a new one', {
    metadata: { current: 'expired', allowed: '', expired_at: expiresAt.toISOString() },
  });
}

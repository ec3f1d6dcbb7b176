import type { DeskDocument } from '#kernel/desk/document.js';
import { refuse } from './refusal.js';

/** How addresses are compared: without regard to case, per desk. */
export function emailKey(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

/** PKG-5: one account, one person; shared mailboxes are refused, with and without a `+tag`. */
export function refuseRoleAddress(desk: DeskDocument, email: string): void {
  const { refused, localParts, refusal } = desk.accounts.roleAddresses;
  if (!refused || refusal === undefined) return;
  const localPart = emailKey(email).split('@')[0]!.split('+')[0]!;
  if (!localParts.includes(localPart)) return;
  throw refuse(desk, 'INVALID', refusal, { field: 'email', metadata: { email, local_part: localPart } });
}

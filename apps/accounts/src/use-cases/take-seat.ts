import type { DeskDocument } from '#kernel/desk/document.js';
import type { Transaction } from '#platform/database/transaction.js';
import { refuseRoleAddress } from '../domain/email-address.js';
import { requireFreeSeat } from '../domain/seats.js';
import { type OrganisationRow, seatHolders } from '../persistence/organisation.repository.js';

/**
 * PKG-4, PKG-5: sees to it that this address may have a seat and that one is free; `organisation` is locked, so it stays
 * free until the commit. Answers how many seats were taken before.
 */
export async function takeSeat(
  tx: Transaction,
  desk: DeskDocument,
  organisation: OrganisationRow,
  email: string,
): Promise<number> {
  refuseRoleAddress(desk, email);
  const used = (await seatHolders(tx, organisation.id)).length;
  requireFreeSeat(desk, organisation.packageId, used);
  return used;
}

import type { DeskDocument } from '#kernel/desk/document.js';
import type { PackageSpec } from '#kernel/desk/commerce.js';
import { DomainError, invalid } from '#kernel/errors.js';
import { refuse } from './refusal.js';

/** On the wire: any number of seats. */
export const UNLIMITED = -1;

/** Somebody who holds a seat. */
export interface SeatHolder {
  readonly name: string;
  readonly email: string;
}

/** The package named, or the smallest where none is; null on a desk that has none (PKG-2). */
export function choosePackage(desk: DeskDocument, packageId: string): string | null {
  if (packageId !== '') return packageNamed(desk, packageId).id;
  const smallest = [...desk.packages].sort((a, b) => a.rank - b.rank)[0];
  return smallest?.id ?? null;
}

/** Service accounts of an organisation at most; `UNLIMITED` without a package or where the package sets no limit. */
export function seatsLimit(desk: DeskDocument, packageId: string | null): number {
  const found = desk.packages.find((entry) => entry.id === packageId);
  return found?.seats ?? UNLIMITED;
}

/** PKG-4: refuses one account more than the package has, saying used and limit. */
export function requireFreeSeat(desk: DeskDocument, packageId: string | null, used: number): void {
  const limit = seatsLimit(desk, packageId);
  if (limit === UNLIMITED || used < limit) return;
  throw refuse(desk, 'EXHAUSTED', desk.accounts.invitations.seatsExhausted, {
    metadata: { used: String(used), limit: String(limit) },
    addendum: `(${used} of ${limit} in use)`,
  });
}

/**
 * PKG-6: fewer seats than are in use is refused, naming who would have to go: those who came last.
 * `holders` in the order in which they took their seats.
 */
export function requireRoomFor(
  desk: DeskDocument,
  change: { readonly from: string | null; readonly to: string },
  holders: readonly SeatHolder[],
): void {
  const limit = packageNamed(desk, change.to).seats ?? Infinity;
  if (holders.length <= limit) return;
  const people = holders.slice(limit).map((holder) => `${holder.name} <${holder.email}>`);
  const allowed = desk.packages.filter((entry) => (entry.seats ?? Infinity) >= holders.length).map((entry) => entry.id);
  throw refuse(desk, 'STATE', desk.accounts.packageChange.tooManySeats, {
    metadata: {
      current: change.from ?? '',
      allowed: allowed.join(','),
      used: String(holders.length),
      limit: String(limit),
      accounts: people.join(', '),
    },
    addendum: `(${holders.length} in use, ${change.to} has ${limit}; would have to go: ${people.join(', ')})`,
  });
}

/** A new desk file cannot take away the package that an organisation has. */
export function requirePackagesKept(desk: DeskDocument, inUse: readonly string[]): void {
  const missing = inUse.filter((id) => !desk.packages.some((entry) => entry.id === id));
  if (missing.length === 0) return;
  throw new DomainError('STATE', 'PACKAGE_IN_USE', `organisations have packages that the file lacks: ${missing.join(', ')}`, {
    metadata: { current: missing.join(','), allowed: '' },
    violations: missing.map((id) => ({ field: 'packages', description: `${id} is in use and missing` })),
  });
}

function packageNamed(desk: DeskDocument, id: string): PackageSpec {
  const found = desk.packages.find((entry) => entry.id === id);
  if (found) return found;
  const known = desk.packages.map((entry) => entry.id).join(', ');
  throw invalid(
    [{ field: 'package_id', description: known === '' ? 'this desk has no packages' : `is none of ${known}` }],
    'PACKAGE_UNKNOWN',
  );
}

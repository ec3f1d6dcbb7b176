import { notFound } from '#kernel/errors.js';
import type { Transaction } from '#platform/database/transaction.js';
import type { Scope } from '../domain/tenancy.js';
import { OrganisationEntity } from './organisation.entity.js';

export type OrganisationRow = Readonly<OrganisationEntity>;

const COLUMNS = `id, desk_id AS "deskId", name, package_id AS "packageId", sequence, created_at AS "createdAt"`;

export function insertOrganisation(tx: Transaction, organisation: OrganisationRow): void {
  tx.insert(OrganisationEntity, organisation);
}

/** Locked: seats are counted and taken under this lock only (PKG-4). */
export async function lockOrganisation(tx: Transaction, scope: Scope, id: string): Promise<OrganisationRow> {
  const [row] = await tx.query<OrganisationRow>(
    `SELECT ${COLUMNS} FROM organisations
     WHERE id = $1 AND ($2::text IS NULL OR desk_id = $2) AND ($3::uuid IS NULL OR id = $3) FOR NO KEY UPDATE`,
    [id, scope.deskId, scope.organisationId],
  );
  if (!row) throw notFound('organisation', id);
  return row;
}

export function changeOrganisation(
  tx: Transaction,
  id: string,
  to: { readonly packageId: string; readonly sequence: number },
): void {
  tx.update(OrganisationEntity, { id }, to);
}

/** Who holds a seat, in the order of taking it: everybody who is invited or active. */
export async function seatHolders(tx: Transaction, organisationId: string): Promise<{ name: string; email: string }[]> {
  return tx.query<{ name: string; email: string }>(
    `SELECT name, email FROM accounts WHERE organisation_id = $1 AND state <> 'closed' ORDER BY created_at, id`,
    [organisationId],
  );
}

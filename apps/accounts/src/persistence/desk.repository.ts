import type { DeskDocument } from '#kernel/desk/document.js';
import type { Transaction } from '#platform/database/transaction.js';
import { DeskEntity, DeskVersionEntity } from './desk.entity.js';

export interface LockedDesk {
  readonly id: string;
  readonly aggregateId: string;
  /** 0 for a desk that is new. */
  readonly version: number;
  readonly sequence: number;
}

/** The desk's row, made where there is none, locked: applications of one desk come one after the other. */
export async function lockDesk(tx: Transaction, id: string, aggregateId: string): Promise<LockedDesk> {
  tx.execute(
    'INSERT INTO desks (id, aggregate_id, version, sequence) VALUES ($1, $2, 0, 0) ON CONFLICT (id) DO NOTHING',
    [id, aggregateId],
  );
  const [desk] = await tx.query<LockedDesk>(
    'SELECT id, aggregate_id AS "aggregateId", version, sequence FROM desks WHERE id = $1 FOR NO KEY UPDATE',
    [id],
  );
  return desk!;
}

export async function contentInForce(tx: Transaction, desk: LockedDesk): Promise<{ hash: Buffer; appliedAt: Date } | undefined> {
  const [row] = await tx.query<{ hash: Buffer; appliedAt: Date }>(
    `SELECT content_hash AS hash, applied_at AS "appliedAt" FROM desk_versions WHERE desk_id = $1 AND version = $2`,
    [desk.id, desk.version],
  );
  return row;
}

/** Ids of the packages that organisations of the desk have. */
export async function packagesInUse(tx: Transaction, deskId: string): Promise<string[]> {
  const rows = await tx.query<{ packageId: string }>(
    `SELECT DISTINCT package_id AS "packageId" FROM organisations WHERE desk_id = $1 AND package_id IS NOT NULL`,
    [deskId],
  );
  return rows.map((row) => row.packageId);
}

export function insertDeskVersion(
  tx: Transaction,
  version: { readonly number: number; readonly document: DeskDocument; readonly hash: Buffer; readonly appliedAt: Date },
): void {
  tx.insert(DeskVersionEntity, {
    deskId: version.document.id,
    version: version.number,
    name: version.document.name,
    document: version.document,
    contentHash: version.hash,
    appliedAt: version.appliedAt,
  });
}

export function moveDesk(tx: Transaction, id: string, to: { readonly version: number; readonly sequence: number }): void {
  tx.update(DeskEntity, { id }, to);
}

import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';

export interface Organisation {
  readonly id: string;
  readonly deskId: string;
  readonly name: string;
  readonly packageId: string | null;
}

/** The organisations as `accounts` publishes them. */
@Injectable()
export class OrganisationRepository {
  constructor(private readonly transactions: Transactions) {}

  async find(deskId: string, id: string): Promise<Organisation | undefined> {
    const rows = await this.transactions.read<Organisation>(
      'SELECT id, desk_id AS "deskId", name, package_id AS "packageId" FROM organisation WHERE desk_id = $1 AND id = $2',
      [deskId, id],
    );
    return rows[0];
  }

  /** Keeps the newest; an older event that comes late changes nothing. Answers whether it was newer. */
  async put(tx: Transaction, organisation: Organisation, sequence: number): Promise<boolean> {
    const rows = await tx.query(
      `INSERT INTO organisation (id, desk_id, name, package_id, sequence) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, package_id = EXCLUDED.package_id, sequence = EXCLUDED.sequence
       WHERE organisation.sequence < EXCLUDED.sequence RETURNING id`,
      [organisation.id, organisation.deskId, organisation.name, organisation.packageId, sequence],
    );
    return rows.length > 0;
  }
}

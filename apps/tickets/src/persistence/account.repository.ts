import { Injectable } from '@nestjs/common';
import { isId } from '#kernel/ids.js';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import type { KnownAccount } from '../domain/seat.js';

/** The accounts as `accounts` publishes them. */
@Injectable()
export class AccountRepository {
  constructor(private readonly transactions: Transactions) {}

  async find(deskId: string, id: string): Promise<KnownAccount | undefined> {
    if (!isId(id)) return undefined;
    const rows = await this.transactions.read<KnownAccount>(
      'SELECT organisation_id AS "organisationId", active FROM account WHERE desk_id = $1 AND id = $2',
      [deskId, id],
    );
    return rows[0];
  }

  /** Keeps the newest; an older event that comes late changes nothing. */
  put(tx: Transaction, deskId: string, id: string, account: KnownAccount, sequence: number): void {
    tx.execute(
      `INSERT INTO account (id, desk_id, organisation_id, active, sequence) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id) DO UPDATE
       SET organisation_id = EXCLUDED.organisation_id, active = EXCLUDED.active, sequence = EXCLUDED.sequence
       WHERE account.sequence < EXCLUDED.sequence`,
      [id, deskId, account.organisationId, account.active, sequence],
    );
  }
}

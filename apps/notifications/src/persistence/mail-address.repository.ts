import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';

export interface ChosenAddress {
  readonly accountId: string;
  readonly kind: string;
  readonly email: string;
}

const CHOSEN = 'SELECT account_id AS "accountId", kind, email FROM mail_address';

/** The addresses that customers set for kinds of mail (HST-9). */
@Injectable()
export class MailAddressRepository {
  constructor(private readonly transactions: Transactions) {}

  set(tx: Transaction, { deskId, accountId }: Caller, kind: string, email: string): void {
    tx.execute(
      `INSERT INTO mail_address (desk_id, account_id, kind, email) VALUES ($1, $2, $3, $4)
       ON CONFLICT (desk_id, account_id, kind) DO UPDATE SET email = EXCLUDED.email`,
      [deskId, accountId, kind, email],
    );
  }

  unset(tx: Transaction, { deskId, accountId }: Caller, kind: string): void {
    tx.execute('DELETE FROM mail_address WHERE desk_id = $1 AND account_id = $2 AND kind = $3', [deskId, accountId, kind]);
  }

  ofCaller({ deskId, accountId }: Caller): Promise<ChosenAddress[]> {
    return this.transactions.read<ChosenAddress>(`${CHOSEN} WHERE desk_id = $1 AND account_id = $2`, [deskId, accountId]);
  }

  ofAccounts(tx: Transaction, deskId: string, accountIds: readonly string[]): Promise<ChosenAddress[]> {
    return tx.query<ChosenAddress>(`${CHOSEN} WHERE desk_id = $1 AND account_id = ANY($2::text[])`, [deskId, [...accountIds]]);
  }
}

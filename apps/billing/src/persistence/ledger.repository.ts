import { Injectable } from '@nestjs/common';
import { newId } from '#kernel/ids.js';
import type { Transaction } from '#platform/database/transaction.js';
import type { LedgerTransaction } from '../domain/postings.js';
import type { Purchase } from '../domain/purchase.js';

/** Rows are only ever added; the database itself refuses anything else. */
@Injectable()
export class LedgerRepository {
  /** The lines of Stripe's balance that are in the books. The purchase is locked. */
  async postedLines(tx: Transaction, purchaseId: string): Promise<Set<string>> {
    const rows = await tx.query<{ id: string }>(
      'SELECT balance_transaction_id AS id FROM ledger_transaction WHERE purchase_id = $1',
      [purchaseId],
    );
    return new Set(rows.map((row) => row.id));
  }

  append(tx: Transaction, purchase: Purchase, transaction: LedgerTransaction, now: Date): void {
    const id = newId();
    const { balanceTransactionId, category, exchangeRate, period, occurredAt, postings } = transaction;
    tx.execute(
      `INSERT INTO ledger_transaction
         (id, desk_id, purchase_id, balance_transaction_id, description, exchange_rate, period, occurred_at, posted_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [id, purchase.deskId, purchase.id, balanceTransactionId, category, exchangeRate ?? null, period, occurredAt, now],
    );
    for (const [line, posting] of postings.entries()) {
      tx.execute(
        `INSERT INTO ledger_posting (transaction_id, line, account, currency, debit_minor, credit_minor)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [id, line, posting.account, posting.currency, posting.debit, posting.credit],
      );
    }
  }
}

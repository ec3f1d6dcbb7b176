import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import type { Refund } from '../domain/purchase.js';

type Row = Omit<Refund, 'amount' | 'stripeId'> & { readonly amount: string; readonly stripeId: string | null };

const REFUND = `id, purchase_id AS "purchaseId", amount_minor AS amount, reason, approver, state, stripe_id AS "stripeId",
  decided_at AS "decidedAt"`;

/** Refunds are read and written under the lock of their purchase. */
@Injectable()
export class RefundRepository {
  constructor(private readonly transactions: Transactions) {}

  async ofPurchase(tx: Transaction, purchaseId: string): Promise<Refund[]> {
    return (await tx.query<Row>(`SELECT ${REFUND} FROM refund WHERE purchase_id = $1 ORDER BY id`, [purchaseId])).map(toRefund);
  }

  async find(id: string): Promise<Refund | undefined> {
    const [row] = await this.transactions.read<Row>(`SELECT ${REFUND} FROM refund WHERE id = $1`, [id]);
    return row && toRefund(row);
  }

  save(tx: Transaction, refund: Refund): void {
    tx.execute(
      `INSERT INTO refund (id, purchase_id, amount_minor, reason, approver, state, stripe_id, decided_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (id) DO UPDATE SET state = EXCLUDED.state, stripe_id = EXCLUDED.stripe_id`,
      [
        refund.id,
        refund.purchaseId,
        refund.amount,
        refund.reason,
        refund.approver,
        refund.state,
        refund.stripeId ?? null,
        refund.decidedAt,
      ],
    );
  }
}

function toRefund(row: Row): Refund {
  return { ...row, amount: BigInt(row.amount), stripeId: row.stripeId ?? undefined };
}

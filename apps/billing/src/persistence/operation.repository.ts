import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import { type Operation, type OperationState, pauseAfter } from '../domain/operation.js';

type Row = Omit<Operation, 'afterId' | 'attemptedAt' | 'error'> & {
  readonly afterId: string | null;
  readonly attemptedAt: Date | null;
  readonly error: string | null;
};

const OPERATION = `id, purchase_id AS "purchaseId", kind, state, after_id AS "afterId", attempts,
  attempted_at AS "attemptedAt", error`;

/** Free to be taken: nobody has it, and what it waits for has ended. */
const FREE = `state = 'pending' AND (leased_until IS NULL OR leased_until < now())
  AND (after_id IS NULL OR EXISTS
    (SELECT FROM stripe_operation earlier WHERE earlier.id = stripe_operation.after_id AND earlier.state <> 'pending'))`;

export interface NewOperation {
  readonly id: string;
  readonly purchaseId: string;
  readonly kind: Operation['kind'];
  readonly afterId?: string;
  readonly decidedAt: Date;
}

/** The head start of whoever decided it and does it at once, before the worker steps in. */
const HEAD_START_SECONDS = 5;

@Injectable()
export class OperationRepository {
  constructor(private readonly transactions: Transactions) {}

  /** `atOnce`: nobody but the worker will do it. */
  insert(tx: Transaction, operation: NewOperation, { atOnce = false } = {}): void {
    tx.execute(
      `INSERT INTO stripe_operation (id, purchase_id, kind, state, after_id, decided_at, due_at)
       VALUES ($1, $2, $3, 'pending', $4, $5, now() + $6::float8 * interval '1 second')`,
      [
        operation.id,
        operation.purchaseId,
        operation.kind,
        operation.afterId ?? null,
        operation.decidedAt,
        atOnce ? 0 : HEAD_START_SECONDS,
      ],
    );
  }

  async find(id: string): Promise<Operation | undefined> {
    const rows = await this.transactions.read<Row>(`SELECT ${OPERATION} FROM stripe_operation WHERE id = $1`, [id]);
    return rows[0] && toOperation(rows[0]);
  }

  /** Oldest first, locked. */
  async lockPending(tx: Transaction, purchaseId: string): Promise<Operation[]> {
    const rows = await tx.query<Row>(
      `SELECT ${OPERATION} FROM stripe_operation WHERE purchase_id = $1 AND state = 'pending' ORDER BY id FOR UPDATE`,
      [purchaseId],
    );
    return rows.map(toOperation);
  }

  /** The operation for this process alone until the lease ends; undefined while somebody else has it or it has ended. */
  async take(id: string, leaseSeconds: number, now: Date): Promise<Operation | undefined> {
    return this.taking(`id = $3 AND ${FREE}`, [leaseSeconds, now, id]);
  }

  /** The one that is due for longest. */
  async takeDue(leaseSeconds: number, now: Date): Promise<Operation | undefined> {
    return this.taking(
      `id = (SELECT id FROM stripe_operation WHERE ${FREE} AND due_at <= now() ORDER BY due_at LIMIT 1
             FOR UPDATE SKIP LOCKED)`,
      [leaseSeconds, now],
    );
  }

  end(tx: Transaction, id: string, state: Exclude<OperationState, 'pending'>, now: Date, error?: string): void {
    tx.execute(
      `UPDATE stripe_operation SET state = $2, ended_at = $3, error = $4, leased_until = NULL WHERE id = $1 AND state = 'pending'`,
      [id, state, now, error ?? null],
    );
  }

  /** Stripe could not be asked: another attempt after a pause. */
  async putOff(operation: Operation, error: string): Promise<void> {
    await this.transactions.run(async (tx) =>
      tx.execute(
        `UPDATE stripe_operation SET leased_until = NULL, error = $2, due_at = now() + $3::float8 * interval '1 second'
         WHERE id = $1 AND state = 'pending'`,
        [operation.id, error, pauseAfter(operation.attempts)],
      ),
    );
  }

  private async taking(which: string, values: readonly unknown[]): Promise<Operation | undefined> {
    const rows = await this.transactions.run((tx) =>
      tx.query<Row>(
        `UPDATE stripe_operation SET leased_until = now() + $1::float8 * interval '1 second', attempts = attempts + 1,
           attempted_at = coalesce(attempted_at, $2)
         WHERE ${which} RETURNING ${OPERATION}`,
        values,
      ),
    );
    return rows[0] && toOperation(rows[0]);
  }
}

function toOperation(row: Row): Operation {
  return {
    ...row,
    afterId: row.afterId ?? undefined,
    attemptedAt: row.attemptedAt ?? undefined,
    error: row.error ?? undefined,
  };
}

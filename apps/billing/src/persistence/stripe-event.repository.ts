import { Injectable } from '@nestjs/common';
import { Transactions } from '#platform/database/transactions.js';
import { pauseAfter } from '../domain/operation.js';

export interface StripeEvent {
  readonly id: string;
  readonly type: string;
  /** The payment it is about; absent for payouts, balances and the like. */
  readonly intentId?: string;
  readonly attempts: number;
}

export interface ReceivedEvent extends Omit<StripeEvent, 'attempts'> {
  readonly payload: object;
}

@Injectable()
export class StripeEventRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Keeps each event once, however often it comes. What is about no payment is kept for the record only. */
  async store(event: ReceivedEvent, receivedAt: Date): Promise<void> {
    await this.transactions.run(async (tx) =>
      tx.execute(
        `INSERT INTO stripe_event (id, type, intent_id, payload, state, due_at, received_at)
         VALUES ($1, $2, $3, $4::jsonb, $5, now(), $6) ON CONFLICT (id) DO NOTHING`,
        [event.id, event.type, event.intentId ?? null, event.payload, event.intentId ? 'pending' : 'ignored', receivedAt],
      ),
    );
  }

  /** The one that waits for longest; other replicas leave it alone for the lease. */
  async takeDue(leaseSeconds: number): Promise<StripeEvent | undefined> {
    const rows = await this.transactions.run((tx) =>
      tx.query<StripeEvent>(
        `UPDATE stripe_event SET attempts = attempts + 1, due_at = now() + $1::float8 * interval '1 second'
         WHERE id = (SELECT id FROM stripe_event WHERE state = 'pending' AND due_at <= now() ORDER BY due_at LIMIT 1
                     FOR UPDATE SKIP LOCKED)
         RETURNING id, type, intent_id AS "intentId", attempts`,
        [leaseSeconds],
      ),
    );
    return rows[0];
  }

  async done(id: string): Promise<void> {
    await this.transactions.run(async (tx) => tx.execute(`UPDATE stripe_event SET state = 'done', error = NULL WHERE id = $1`, [id]));
  }

  /** What it is about is not known yet, or Stripe could not be asked: again after a pause. */
  async putOff(event: StripeEvent, error: string): Promise<void> {
    await this.transactions.run(async (tx) =>
      tx.execute(`UPDATE stripe_event SET error = $2, due_at = now() + $3::float8 * interval '1 second' WHERE id = $1`, [
        event.id,
        error,
        pauseAfter(event.attempts),
      ]),
    );
  }
}

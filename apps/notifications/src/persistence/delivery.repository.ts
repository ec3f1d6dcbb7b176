import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import type { Delivery, DeliveryState, NewDelivery } from '../domain/delivery.js';

const COLUMNS = `id, desk_id AS "deskId", ticket_id AS "ticketId", template, sender_name AS "senderName", sender,
  recipient_name AS "recipientName", recipient, subject, body, language, message_id AS "messageId",
  thread_id AS "threadId", state, attempts, last_error AS "lastError", created_at AS "createdAt", sent_at AS "sentAt"`;

type DeliveryRow = Omit<Delivery, 'ticketId' | 'threadId' | 'sentAt'> & {
  readonly ticketId: string | null;
  readonly threadId: string | null;
  readonly sentAt: Date | null;
};

@Injectable()
export class DeliveryRepository {
  constructor(private readonly transactions: Transactions) {}

  /** One statement for any number. What the same event, rule and recipient have already is left as it is. */
  insert(tx: Transaction, deliveries: readonly NewDelivery[]): void {
    if (deliveries.length === 0) return;
    const rows = deliveries.map((delivery) => ({
      id: delivery.id,
      desk_id: delivery.deskId,
      event_id: delivery.eventId,
      rule_id: delivery.ruleId,
      ticket_id: delivery.ticketId,
      template: delivery.template,
      sender_name: delivery.senderName,
      sender: delivery.sender,
      recipient_name: delivery.recipientName,
      recipient: delivery.recipient,
      subject: delivery.subject,
      body: delivery.body,
      language: delivery.language,
      message_id: delivery.messageId,
      thread_id: delivery.threadId,
      created_at: delivery.createdAt.toISOString(),
    }));
    tx.execute(
      `INSERT INTO delivery (id, desk_id, event_id, rule_id, ticket_id, template, sender_name, sender, recipient_name,
         recipient, subject, body, language, message_id, thread_id, created_at)
       SELECT id, desk_id, event_id, rule_id, ticket_id, template, sender_name, sender, recipient_name,
         recipient, subject, body, language, message_id, thread_id, created_at
       FROM jsonb_populate_recordset(NULL::delivery, $1::jsonb)
       ON CONFLICT (event_id, rule_id, recipient) DO NOTHING`,
      [JSON.stringify(rows)],
    );
  }

  /**
   * Takes mails that are due, for this replica alone until the lease is over, and counts the attempt. Leases and pauses
   * are in the database's time: all replicas share it, and a desk's clock that is moved sends nothing early.
   */
  async claim(limit: number, leaseMs: number): Promise<Delivery[]> {
    const rows = await this.transactions.read<DeliveryRow>(
      `UPDATE delivery SET attempts = attempts + 1, due_at = now() + $2::integer * interval '1 millisecond'
       WHERE id IN (
         SELECT id FROM delivery WHERE state = 'pending' AND due_at <= now()
         ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
       ) RETURNING ${COLUMNS}`,
      [limit, leaseMs],
    );
    return rows.map(toDelivery);
  }

  /** False when it was settled before: somebody else had it after the lease was over. */
  async settle(
    tx: Transaction,
    id: string,
    outcome: { readonly state: Exclude<DeliveryState, 'pending'>; readonly at: Date; readonly reason: string },
  ): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE delivery SET state = $2, sent_at = CASE WHEN $2 = 'sent' THEN $3::timestamptz END, last_error = $4
       WHERE id = $1 AND state = 'pending' RETURNING id`,
      [id, outcome.state, outcome.at, outcome.reason],
    );
    return rows.length === 1;
  }

  /** To be tried again after the pause, unless another replica has taken it since. */
  async postpone(delivery: Delivery, pauseMs: number, reason: string): Promise<void> {
    await this.transactions.read(
      `UPDATE delivery SET due_at = now() + $3::integer * interval '1 millisecond', last_error = $4
       WHERE id = $1 AND state = 'pending' AND attempts = $2`,
      [delivery.id, delivery.attempts, pauseMs, reason],
    );
  }

  /** The desk's, newest first; those of one ticket where one is given. */
  async list(
    deskId: string,
    ticketId: string | undefined,
    before: string | undefined,
    limit: number,
  ): Promise<Delivery[]> {
    const rows = await this.transactions.read<DeliveryRow>(
      `SELECT ${COLUMNS} FROM delivery
       WHERE desk_id = $1 AND ($2::uuid IS NULL OR ticket_id = $2) AND ($3::uuid IS NULL OR id < $3)
       ORDER BY id DESC LIMIT $4`,
      [deskId, ticketId ?? null, before ?? null, limit],
    );
    return rows.map(toDelivery);
  }
}

function toDelivery(row: DeliveryRow): Delivery {
  return {
    ...row,
    ticketId: row.ticketId ?? undefined,
    threadId: row.threadId ?? undefined,
    sentAt: row.sentAt ?? undefined,
  };
}

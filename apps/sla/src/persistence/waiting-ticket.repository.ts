import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';

export interface WaitingTicket {
  readonly ticketId: string;
  readonly deskId: string;
  /** Empty while the event that opened the ticket is missing. */
  readonly number: string;
  readonly missingSequence: number;
  readonly since: Date;
  /** The earliest due time of its clocks as recorded before. */
  readonly dueAt: Date | null;
}

export interface WaitingCursor {
  readonly since: string;
  readonly ticketId: string;
}

const WAITING = `
  SELECT w.ticket_id AS "ticketId", w.desk_id AS "deskId", coalesce(t.number, '') AS number,
    w.missing_sequence AS "missingSequence", w.since,
    (SELECT min(c.due_at) FROM clock c WHERE c.ticket_id = w.ticket_id AND c.state = 'RUNNING') AS "dueAt"
  FROM waiting_ticket w LEFT JOIN sla_ticket t ON t.ticket_id = w.ticket_id`;

/** Tickets that wait for an event: few, and none on a good day. */
@Injectable()
export class WaitingTicketRepository {
  constructor(private readonly transactions: Transactions) {}

  /** It has been waiting since it first did, whichever event is missing by now. */
  waits(tx: Transaction, { ticketId, deskId }: Pick<WaitingTicket, 'ticketId' | 'deskId'>, missingSequence: number, now: Date): void {
    tx.execute(
      `INSERT INTO waiting_ticket (ticket_id, desk_id, missing_sequence, since) VALUES ($1, $2, $3, $4)
       ON CONFLICT (ticket_id) DO UPDATE SET missing_sequence = EXCLUDED.missing_sequence`,
      [ticketId, deskId, missingSequence, now],
    );
  }

  goesOn(tx: Transaction, ticketId: string): void {
    tx.execute('DELETE FROM waiting_ticket WHERE ticket_id = $1', [ticketId]);
  }

  /** Tickets that began to wait before an instant and that nobody has been warned of; from here on somebody has. */
  async takeToWarn(tx: Transaction, before: Date, now: Date, limit: number): Promise<WaitingTicket[]> {
    const rows = await tx.query<{ id: string }>(
      `UPDATE waiting_ticket SET warned_at = $2 WHERE ticket_id IN (
         SELECT ticket_id FROM waiting_ticket WHERE warned_at IS NULL AND since <= $1
         ORDER BY since LIMIT $3 FOR UPDATE SKIP LOCKED)
       RETURNING ticket_id AS id`,
      [before, now, limit],
    );
    if (rows.length === 0) return [];
    return tx.query<WaitingTicket>(`${WAITING} WHERE w.ticket_id = ANY ($1::uuid[])`, [rows.map(({ id }) => id)]);
  }

  /** Of one desk, the longest waiting first. */
  async ofDesk(deskId: string, after: WaitingCursor | undefined, limit: number): Promise<WaitingTicket[]> {
    return this.transactions.read<WaitingTicket>(
      `${WAITING} WHERE w.desk_id = $1 AND ($2::timestamptz IS NULL OR (w.since, w.ticket_id) > ($2, $3::uuid))
       ORDER BY w.since, w.ticket_id LIMIT $4`,
      [deskId, after?.since ?? null, after?.ticketId ?? null, limit],
    );
  }

  /** Of all desks. */
  async summary(): Promise<{ readonly count: number; readonly oldest: Date | null }> {
    const rows = await this.transactions.read<{ count: number; oldest: Date | null }>(
      'SELECT count(*)::integer AS count, min(since) AS oldest FROM waiting_ticket',
    );
    return rows[0]!;
  }
}

import { Injectable } from '@nestjs/common';
import { selectList } from '#platform/database/select-list.js';
import { Transactions } from '#platform/database/transactions.js';
import type { Ticket } from '../domain/ticket.js';
import { TicketRecord } from './ticket.entity.js';
import { toTicket } from './ticket-rows.js';

const TICKET = selectList(TicketRecord);

export interface QueueCursor {
  readonly queueKey: string;
  readonly id: string;
}

export interface QueuedTicket {
  readonly ticket: Ticket;
  readonly cursor: QueueCursor;
}

/** Reads of the waiting tickets; all of them ranges of the index `ticket_queue`. */
@Injectable()
export class QueueRepository {
  constructor(private readonly transactions: Transactions) {}

  async list(deskId: string, after: QueueCursor | undefined, limit: number): Promise<QueuedTicket[]> {
    const rows = await this.transactions.read<TicketRecord>(
      `SELECT ${TICKET} FROM ticket WHERE desk_id = $1 AND waiting AND (queue_key, id) > ($2, $3::uuid)
       ORDER BY queue_key, id LIMIT $4`,
      [deskId, after?.queueKey ?? '', after?.id ?? '00000000-0000-0000-0000-000000000000', limit],
    );
    return rows.map((row) => ({ ticket: toTicket(row), cursor: { queueKey: row.queueKey, id: row.id } }));
  }

  async waiting(deskId: string): Promise<number> {
    const rows = await this.transactions.read<{ count: string }>(
      'SELECT count(*) FROM ticket WHERE desk_id = $1 AND waiting',
      [deskId],
    );
    return Number(rows[0]!.count);
  }

  /** Waiting tickets from a key (inclusive) up to another (exclusive). */
  async countBetween(deskId: string, from: string, to: string): Promise<number> {
    const rows = await this.transactions.read<{ count: string }>(
      'SELECT count(*) FROM ticket WHERE desk_id = $1 AND waiting AND queue_key >= $2 AND queue_key < $3',
      [deskId, from, to],
    );
    return Number(rows[0]!.count);
  }

  /** Waiting tickets with the same key that were opened earlier. */
  async countTies(deskId: string, key: string, id: string): Promise<number> {
    const rows = await this.transactions.read<{ count: string }>(
      'SELECT count(*) FROM ticket WHERE desk_id = $1 AND waiting AND queue_key = $2 AND id < $3',
      [deskId, key, id],
    );
    return Number(rows[0]!.count);
  }
}

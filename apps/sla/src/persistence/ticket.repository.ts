import { Injectable } from '@nestjs/common';
import { notFound } from '#kernel/errors.js';
import { isId } from '#kernel/ids.js';
import type { DomainEvent } from '#messaging/event.js';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import type { Fact } from '../domain/facts.js';
import type { Scope } from '../domain/visibility.js';

export interface KnownTicket {
  readonly ticketId: string;
  readonly deskId: string;
  readonly number: string;
  readonly revision: number;
}

export interface Identity {
  readonly number: string;
  readonly organisationId: string;
  readonly requesterAccountId: string;
  readonly imported: boolean;
}

const TICKET = `ticket_id AS "ticketId", desk_id AS "deskId", number, revision`;

/** The tickets this service has heard of. */
@Injectable()
export class TicketRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Keeps what the event says; hearing it twice changes nothing. */
  hear(tx: Transaction, event: DomainEvent, fact: Fact, identity: Identity | undefined): void {
    tx.execute(
      `INSERT INTO sla_ticket (ticket_id, desk_id, number, organisation_id, requester_account_id, imported, summary_sequence)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (ticket_id) DO UPDATE SET number = EXCLUDED.number, organisation_id = EXCLUDED.organisation_id,
         requester_account_id = EXCLUDED.requester_account_id, imported = EXCLUDED.imported,
         summary_sequence = EXCLUDED.summary_sequence
       WHERE sla_ticket.summary_sequence < EXCLUDED.summary_sequence`,
      [
        event.aggregateId,
        event.deskId,
        identity?.number ?? '',
        identity?.organisationId || null,
        identity?.requesterAccountId || null,
        identity?.imported ?? false,
        identity ? event.sequence : 0,
      ],
    );
    tx.execute(
      `INSERT INTO ticket_fact (ticket_id, sequence, occurred_at, kind, data) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (ticket_id, sequence) DO NOTHING`,
      [event.aggregateId, event.sequence, event.occurredAt, fact.kind, JSON.stringify(fact)],
    );
  }

  /** By id or number. Errors: NOT_FOUND TICKET_NOT_FOUND, also for a ticket outside the scope. */
  async get(scope: Scope, idOrNumber: string): Promise<KnownTicket> {
    const key = isId(idOrNumber) ? 'ticket_id = $4::uuid' : 'number = $4';
    const rows = await this.transactions.read<KnownTicket>(
      `SELECT ${TICKET} FROM sla_ticket WHERE desk_id = $1 AND ($2::text IS NULL OR organisation_id = $2)
         AND ($3::text IS NULL OR requester_account_id = $3) AND number <> '' AND ${key}`,
      [scope.deskId, scope.organisationId ?? null, scope.requesterAccountId ?? null, idOrNumber],
    );
    if (!rows[0]) throw notFound('ticket', idOrNumber);
    return rows[0];
  }

  /** A desk's tickets in batches, each read when it is asked for. */
  async *ofDesk(deskId: string, { openOnly }: { openOnly: boolean }, size: number): AsyncGenerator<KnownTicket[]> {
    for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
      const rows = await this.transactions.read<KnownTicket>(
        `SELECT ${TICKET} FROM sla_ticket WHERE desk_id = $1 AND ticket_id > $2 AND (is_open OR NOT $3::boolean)
         ORDER BY ticket_id LIMIT $4`,
        [deskId, after, openOnly, size],
      );
      if (rows.length > 0) yield rows;
      if (rows.length < size) return;
      after = rows.at(-1)!.ticketId;
    }
  }
}

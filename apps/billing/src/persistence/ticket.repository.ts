import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '#kernel/errors.js';
import { isId } from '#kernel/ids.js';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import type { Ticket } from '../domain/ticket.js';
import type { Scope } from '../domain/visibility.js';

type Row = { readonly [K in keyof Ticket]-?: Exclude<Ticket[K], undefined> | null };

const TICKET = `id, desk_id AS "deskId", number, organisation_id AS "organisationId",
  requester_account_id AS "requesterAccountId", package_id AS "packageId", type, department, priority, channel, lane,
  status_kind AS "statusKind", language`;

const BY_ID = `SELECT ${TICKET} FROM ticket WHERE id = $1`;

/** What an event says of a ticket after it was opened; what it leaves out stays. */
export interface TicketChange {
  readonly organisationId?: string;
  readonly requesterAccountId?: string;
  readonly statusKind?: string;
  readonly dimension?: { readonly column: 'priority' | 'lane' | 'package_id' | 'type' | 'department'; readonly value: string | null };
}

/** The tickets as the tickets service publishes them. */
@Injectable()
export class TicketRepository {
  constructor(private readonly transactions: Transactions) {}

  /**
   * Errors: UNAVAILABLE TICKET_NOT_KNOWN_YET while the ticket's event is on its way (ask again), NOT_FOUND
   * TICKET_NOT_FOUND for a ticket outside the scope.
   */
  async get(scope: Scope, id: string): Promise<Ticket> {
    if (!isId(id)) throw notFound('ticket', id);
    return found(await this.transactions.read<Row>(BY_ID, [id]), scope, id);
  }

  /** As `get`, and what happens to the ticket meanwhile waits until the transaction ends. */
  async hold(tx: Transaction, scope: Scope, id: string): Promise<Ticket> {
    return found(await tx.query<Row>(`${BY_ID} FOR SHARE`, [id]), scope, id);
  }

  insert(tx: Transaction, ticket: Ticket, sequence: number): void {
    tx.execute(
      `INSERT INTO ticket (id, desk_id, number, organisation_id, requester_account_id, package_id, type, department,
         priority, channel, lane, status_kind, language, sequence)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (id) DO NOTHING`,
      [
        ticket.id,
        ticket.deskId,
        ticket.number,
        ticket.organisationId ?? null,
        ticket.requesterAccountId ?? null,
        ticket.packageId ?? null,
        ticket.type,
        ticket.department ?? null,
        ticket.priority ?? null,
        ticket.channel,
        ticket.lane,
        ticket.statusKind,
        ticket.language,
        sequence,
      ],
    );
  }

  /** An event that is older than what is known changes nothing. */
  update(tx: Transaction, id: string, change: TicketChange, sequence: number): void {
    const { dimension } = change;
    const assignment = dimension ? `, ${dimension.column} = $6` : '';
    tx.execute(
      `UPDATE ticket SET sequence = $2, organisation_id = coalesce($3, organisation_id),
         requester_account_id = coalesce($4, requester_account_id), status_kind = coalesce($5, status_kind)${assignment}
       WHERE id = $1 AND sequence < $2`,
      [
        id,
        sequence,
        change.organisationId ?? null,
        change.requesterAccountId ?? null,
        change.statusKind ?? null,
        ...(dimension ? [dimension.value] : []),
      ],
    );
  }
}

function found(rows: readonly Row[], scope: Scope, id: string): Ticket {
  if (!rows[0]) {
    const message = `ticket ${id} is not known here yet; ask again in a moment`;
    throw new DomainError('UNAVAILABLE', 'TICKET_NOT_KNOWN_YET', message, { metadata: { id } });
  }
  const ticket = toTicket(rows[0]);
  if (!isWithin(scope, ticket)) throw notFound('ticket', id);
  return ticket;
}

function isWithin(scope: Scope, ticket: Ticket): boolean {
  return (
    ticket.deskId === scope.deskId &&
    (scope.organisationId === undefined || ticket.organisationId === scope.organisationId) &&
    (scope.requesterAccountId === undefined || ticket.requesterAccountId === scope.requesterAccountId)
  );
}

function toTicket(row: Row): Ticket {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as Ticket;
}

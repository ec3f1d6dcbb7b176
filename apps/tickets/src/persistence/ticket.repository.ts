import { Injectable } from '@nestjs/common';
import { selectList } from '#platform/database/select-list.js';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { STATUS_KINDS } from '#kernel/desk/ticketing.js';
import { isId } from '#kernel/ids.js';
import { notFound } from '#kernel/errors.js';
import { isOver, type Message, type Ticket, type TicketReference } from '../domain/ticket.js';
import type { Scope } from '../domain/visibility.js';
import { MessageRecord } from './message.entity.js';
import { TicketRecord } from './ticket.entity.js';
import { toMessage, toMessageRow, toTicket, toTicketRow } from './ticket-rows.js';

const TICKET = selectList(TicketRecord);
const MESSAGE = selectList(MessageRecord);

const NIL = '00000000-0000-0000-0000-000000000000';

/** More of one ticket is nobody's case. */
const MAX_FOLLOW_UPS = 100;

/** Of a row found by its key: `$1`–`$3` are the desk, the organisation and the requester of the scope. */
const IN_SCOPE = `desk_id = $1 AND ($2::uuid IS NULL OR organisation_id = $2)
  AND ($3::text IS NULL OR requester_account_id = $3)`;

export interface TicketFilter {
  readonly statusKinds: readonly string[];
  readonly externalReference?: string;
  /** The id of the last ticket of the page before. */
  readonly before?: string;
  readonly limit: number;
}

@Injectable()
export class TicketRepository {
  constructor(private readonly transactions: Transactions) {}

  /** By id or number. Errors: NOT_FOUND TICKET_NOT_FOUND, also for a ticket outside the scope. */
  async get(scope: Scope, idOrNumber: string): Promise<Ticket> {
    const ticket = await this.find(scope, idOrNumber);
    if (!ticket) throw notFound('ticket', idOrNumber);
    return ticket;
  }

  /** As `get`; nothing for a ticket that is not there or not in the scope. */
  async find(scope: Scope, idOrNumber: string): Promise<Ticket | undefined> {
    const text = byIdOrNumber(idOrNumber);
    const [row] = text ? await this.transactions.read<TicketRecord>(text, [...valuesOf(scope), idOrNumber]) : [];
    return row && toTicket(row);
  }

  /** As `get`, and nobody else changes the ticket until the transaction ends. */
  async lock(tx: Transaction, scope: Scope, idOrNumber: string): Promise<Ticket> {
    const text = byIdOrNumber(idOrNumber);
    const [row] = text ? await tx.query<TicketRecord>(`${text} FOR UPDATE`, [...valuesOf(scope), idOrNumber]) : [];
    if (!row) throw notFound('ticket', idOrNumber);
    return toTicket(row);
  }

  /** For events of other services, which name tickets that may not be here (any more). */
  async lockIfThere(tx: Transaction, ticketId: string): Promise<Ticket | undefined> {
    const rows = await tx.query<TicketRecord>(`SELECT ${TICKET} FROM ticket WHERE id = $1 FOR UPDATE`, [ticketId]);
    return rows[0] && toTicket(rows[0]);
  }

  /** The head of the desk's queue that nobody else is just taking. */
  async lockHead(tx: Transaction, deskId: string): Promise<Ticket | undefined> {
    const rows = await tx.query<TicketRecord>(
      `SELECT ${TICKET} FROM ticket WHERE desk_id = $1 AND waiting ORDER BY queue_key, id LIMIT 1
       FOR UPDATE SKIP LOCKED`,
      [deskId],
    );
    return rows[0] && toTicket(rows[0]);
  }

  /** Open tickets of an organisation, a page at a time: for changes that reach all of them. */
  async lockOpenOfOrganisation(tx: Transaction, deskId: string, organisationId: string): Promise<Ticket[]> {
    const rows = await tx.query<TicketRecord>(
      `SELECT ${TICKET} FROM ticket WHERE desk_id = $1 AND organisation_id = $2
         AND status_kind = ANY ($3) ORDER BY id FOR UPDATE`,
      [deskId, organisationId, STATUS_KINDS.filter((kind) => !isOver(kind))],
    );
    return rows.map(toTicket);
  }

  /**
   * Newest first: a page of each kind from its index, and of those the newest; then their rows. Asked for at once, they
   * would make the planner read back through all tickets of all desks, which is endless for a kind that is rare.
   */
  async list(scope: Scope, filter: TicketFilter): Promise<Ticket[]> {
    const kinds = filter.statusKinds.length > 0 ? filter.statusKinds : STATUS_KINDS;
    const { text, values } = conditions([kinds, filter.limit], {
      'desk_id = ?': scope.deskId,
      'organisation_id = ?': scope.organisationId,
      'requester_account_id = ?': scope.requesterAccountId,
      'external_reference = ?': filter.externalReference,
      'id < ?': filter.before,
    });
    const page = await this.transactions.read<{ id: string }>(
      `SELECT page.id FROM (SELECT DISTINCT unnest($1::text[]) AS kind) AS kinds CROSS JOIN LATERAL (
         SELECT id FROM ticket WHERE ${text} AND status_kind = kind ORDER BY id DESC LIMIT $2
       ) AS page ORDER BY page.id DESC LIMIT $2`,
      values,
    );
    return this.byIds(scope, page.map(({ id }) => id));
  }

  private async byIds(scope: Scope, ids: readonly string[]): Promise<Ticket[]> {
    if (ids.length === 0) return [];
    const rows = await this.transactions.read<TicketRecord>(
      `SELECT ${TICKET} FROM ticket WHERE ${IN_SCOPE} AND id = ANY ($4::uuid[]) ORDER BY id DESC`,
      [...valuesOf(scope), ids],
    );
    return rows.map(toTicket);
  }

  /** Of one ticket, the oldest first (PKG-16). */
  async followUps(scope: Scope, ticketId: string): Promise<TicketReference[]> {
    return this.transactions.read<TicketReference>(
      `SELECT id, number FROM ticket WHERE ${IN_SCOPE} AND follow_up_of_id = $4::uuid ORDER BY id LIMIT ${MAX_FOLLOW_UPS}`,
      [...valuesOf(scope), ticketId],
    );
  }

  /** Oldest first, after the given message. */
  async messages(ticketId: string, internal: boolean, after: MessageCursor | undefined, limit: number): Promise<Message[]> {
    const rows = await this.transactions.read<MessageRecord>(
      `SELECT ${MESSAGE} FROM message WHERE ticket_id = $1 AND ($2 OR NOT internal)
         AND (sent_at, id) > ($3::timestamptz, $4::uuid)
       ORDER BY sent_at, id LIMIT $5`,
      [ticketId, internal, after?.sentAt ?? '-infinity', after?.id ?? NIL, limit],
    );
    return rows.map(toMessage);
  }

  insert(tx: Transaction, desk: DeskDocument, ticket: Ticket, messages: readonly Message[]): void {
    tx.insert(TicketRecord, toTicketRow(desk, ticket));
    for (const message of messages) tx.insert(MessageRecord, toMessageRow(message));
  }

  /** The ticket was locked by this transaction. */
  update(tx: Transaction, desk: DeskDocument, ticket: Ticket, messages: readonly Message[] = []): void {
    const { id, ...row } = toTicketRow(desk, ticket);
    tx.update(TicketRecord, { id }, row);
    for (const message of messages) tx.insert(MessageRecord, toMessageRow(message));
  }
}

export interface MessageCursor {
  readonly sentAt: string;
  readonly id: string;
}

/** Nothing for what is neither. */
function byIdOrNumber(idOrNumber: string): string | undefined {
  if (!isId(idOrNumber) && !/^\d{1,18}$/.test(idOrNumber)) return undefined;
  const key = isId(idOrNumber) ? 'id = $4::uuid' : 'number = $4::bigint';
  return `SELECT ${TICKET} FROM ticket WHERE ${IN_SCOPE} AND ${key}`;
}

/**
 * Of conditions with a `?` each, those that have a value, numbered after the `first` values: `(… OR $n IS NULL)` in a
 * statement that is planned once would read the whole table.
 */
function conditions(
  first: readonly unknown[],
  all: Readonly<Record<string, unknown>>,
): { readonly text: string; readonly values: readonly unknown[] } {
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  const text = given.map(([condition], i) => condition.replace('?', `$${first.length + i + 1}`)).join(' AND ');
  return { text, values: [...first, ...given.map(([, value]) => value)] };
}

function valuesOf(scope: Scope): [string, string | null, string | null] {
  return [scope.deskId, scope.organisationId ?? null, scope.requesterAccountId ?? null];
}

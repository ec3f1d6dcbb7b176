import { Injectable } from '@nestjs/common';
import { notFound } from '#kernel/errors.js';
import { isId } from '#kernel/ids.js';
import { selectList } from '#platform/database/select-list.js';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import type { Purchase } from '../domain/purchase.js';
import type { Allowance } from '../domain/quote.js';
import { LIVE, type PurchaseState } from '../domain/purchase-state.js';
import type { Scope } from '../domain/visibility.js';
import { toPurchase, toPurchaseRow } from './purchase-rows.js';
import { PurchaseRecord } from './purchase.entity.js';
import { IN_SCOPE, scopeValues } from './scope-sql.js';

const PURCHASE = selectList(PurchaseRecord);

@Injectable()
export class PurchaseRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Errors: NOT_FOUND PURCHASE_NOT_FOUND, also for a purchase outside the scope. */
  async get(scope: Scope, id: string): Promise<Purchase> {
    return found(await this.transactions.read<PurchaseRecord>(byId(id), [...scopeValues(scope), id]), id);
  }

  /** As `get`, and nobody else changes the purchase until the transaction ends. */
  async lock(tx: Transaction, scope: Scope, id: string): Promise<Purchase> {
    return found(await tx.query<PurchaseRecord>(`${byId(id)} FOR UPDATE`, [...scopeValues(scope), id]), id);
  }

  /** For work that no caller asked for: payments and events name purchases of any desk. */
  async read(id: string): Promise<Purchase | undefined> {
    const rows = await this.transactions.read<PurchaseRecord>(`SELECT ${PURCHASE} FROM purchase WHERE id = $1`, [id]);
    return rows[0] && toPurchase(rows[0]);
  }

  async lockById(tx: Transaction, id: string): Promise<Purchase> {
    return found(await tx.query<PurchaseRecord>(`SELECT ${PURCHASE} FROM purchase WHERE id = $1 FOR UPDATE`, [id]), id);
  }

  /** The purchases of a ticket in any of the states, locked. */
  async lockOfTicket(tx: Transaction, ticketId: string, states: readonly PurchaseState[]): Promise<Purchase[]> {
    const rows = await tx.query<PurchaseRecord>(
      `SELECT ${PURCHASE} FROM purchase WHERE ticket_id = $1 AND state = ANY ($2) ORDER BY id FOR UPDATE`,
      [ticketId, states],
    );
    return rows.map(toPurchase);
  }

  async findLive(tx: Transaction, scope: Scope, ticketId: string, productId: string): Promise<Purchase | undefined> {
    const rows = await tx.query<PurchaseRecord>(
      `SELECT ${PURCHASE} FROM purchase WHERE ${IN_SCOPE} AND ticket_id = $4 AND product_id = $5 AND state = ANY ($6)`,
      [...scopeValues(scope), ticketId, productId, LIVE],
    );
    return rows[0] && toPurchase(rows[0]);
  }

  async idOfIntent(intentId: string): Promise<string | undefined> {
    const rows = await this.transactions.read<{ id: string }>('SELECT id FROM purchase WHERE intent_id = $1', [intentId]);
    return rows[0]?.id;
  }

  /** Newest first; of one ticket, where one is named. */
  async list(scope: Scope, ticketId: string | undefined, before: string | undefined, limit: number): Promise<Purchase[]> {
    const rows = await this.transactions.read<PurchaseRecord>(
      `SELECT ${PURCHASE} FROM purchase WHERE ${IN_SCOPE}
         AND ($4::uuid IS NULL OR ticket_id = $4) AND ($5::uuid IS NULL OR id < $5)
       ORDER BY id DESC LIMIT $6`,
      [...scopeValues(scope), ticketId ?? null, before ?? null, limit],
    );
    return rows.map(toPurchase);
  }

  /**
   * What the organisation has had for free in the month or year of an instant. Others who count for the same organisation
   * and product wait until the transaction ends.
   */
  async countIncluded(tx: Transaction, allowance: Allowance, now: Date): Promise<number> {
    const { organisationId, productId, per, timeZone } = allowance;
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`included ${organisationId} ${productId}`]);
    const rows = await tx.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM purchase
       WHERE included AND organisation_id = $1 AND product_id = $2 AND state <> 'VOIDED'
         AND created_at >= date_trunc($3, $4::timestamptz, $5)`,
      [organisationId, productId, per, now, timeZone],
    );
    return rows[0]!.count;
  }

  insert(tx: Transaction, purchase: Purchase): void {
    tx.insert(PurchaseRecord, toPurchaseRow(purchase));
  }

  /** The purchase was locked by this transaction. */
  update(tx: Transaction, purchase: Purchase): void {
    const { id, ...row } = toPurchaseRow(purchase);
    tx.update(PurchaseRecord, { id }, { ...row, revision: row.revision + 1 });
  }

  /** Stripe is asked about it in so many seconds, unless something comes up first; never for `undefined`. */
  lookAgain(tx: Transaction, id: string, seconds: number | undefined): void {
    tx.execute(`UPDATE purchase SET look_at = now() + $2::float8 * interval '1 second' WHERE id = $1`, [id, seconds ?? null]);
  }

  /** Takes purchases that it is time to look at; other replicas leave them alone for the lease. */
  async takeDue(limit: number, leaseSeconds: number): Promise<string[]> {
    const rows = await this.transactions.run((tx) =>
      tx.query<{ id: string }>(
        `UPDATE purchase SET look_at = now() + $2::float8 * interval '1 second'
         WHERE id IN (SELECT id FROM purchase WHERE look_at <= now() ORDER BY look_at LIMIT $1 FOR UPDATE SKIP LOCKED)
         RETURNING id`,
        [limit, leaseSeconds],
      ),
    );
    return rows.map((row) => row.id);
  }
}

function byId(id: string): string {
  if (!isId(id)) throw notFound('purchase', id);
  return `SELECT ${PURCHASE} FROM purchase WHERE ${IN_SCOPE} AND id = $4`;
}

function found(rows: readonly PurchaseRecord[], id: string): Purchase {
  if (!rows[0]) throw notFound('purchase', id);
  return toPurchase(rows[0]);
}

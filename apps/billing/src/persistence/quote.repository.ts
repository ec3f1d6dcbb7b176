import { Injectable } from '@nestjs/common';
import { notFound } from '#kernel/errors.js';
import { isId } from '#kernel/ids.js';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import type { Quote } from '../domain/quote.js';
import type { Scope } from '../domain/visibility.js';
import { IN_SCOPE, scopeValues } from './scope-sql.js';

type Amounts = 'net' | 'tax' | 'gross';
type Nullable = 'organisationId' | 'requesterAccountId';
type Row = Omit<Quote, Amounts | Nullable> & Record<Amounts, string> & Record<Nullable, string | null>;

const QUOTE = `id, desk_id AS "deskId", organisation_id AS "organisationId", requester_account_id AS "requesterAccountId",
  ticket_id AS "ticketId", product_id AS "productId", price_version AS "priceVersion", currency, net_minor AS net,
  tax_minor AS tax, gross_minor AS gross, tax_basis_points AS "taxBasisPoints", included, consent_text AS "consentText",
  consent_version AS "consentVersion", created_at AS "createdAt", expires_at AS "expiresAt"`;

@Injectable()
export class QuoteRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Errors: NOT_FOUND QUOTE_NOT_FOUND, also for a quote outside the scope. */
  async get(scope: Scope, id: string): Promise<Quote> {
    if (!isId(id)) throw notFound('quote', id);
    const text = `SELECT ${QUOTE} FROM quote WHERE ${IN_SCOPE} AND id = $4`;
    const [row] = await this.transactions.read<Row>(text, [...scopeValues(scope), id]);
    if (!row) throw notFound('quote', id);
    return {
      ...row,
      organisationId: row.organisationId ?? undefined,
      requesterAccountId: row.requesterAccountId ?? undefined,
      net: BigInt(row.net),
      tax: BigInt(row.tax),
      gross: BigInt(row.gross),
    };
  }

  insert(tx: Transaction, quote: Quote): void {
    tx.execute(
      `INSERT INTO quote (id, desk_id, organisation_id, requester_account_id, ticket_id, product_id, price_version, currency,
         net_minor, tax_minor, gross_minor, tax_basis_points, included, consent_text, consent_version, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
      [
        quote.id,
        quote.deskId,
        quote.organisationId ?? null,
        quote.requesterAccountId ?? null,
        quote.ticketId,
        quote.productId,
        quote.priceVersion,
        quote.currency,
        quote.net,
        quote.tax,
        quote.gross,
        quote.taxBasisPoints,
        quote.included,
        quote.consentText,
        quote.consentVersion,
        quote.createdAt,
        quote.expiresAt,
      ],
    );
  }
}

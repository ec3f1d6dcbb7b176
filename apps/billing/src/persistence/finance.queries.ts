import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type ObjectLiteral } from 'typeorm';

export interface RegisterRow {
  readonly organisationId: string | null;
  readonly ticketId: string;
  readonly ticketNumber: string;
  readonly purchaseId: string;
  readonly productId: string;
  readonly priceVersion: number;
  readonly currency: string;
  readonly net: string;
  readonly tax: string;
  readonly authorized: string;
  readonly authorizedAt: Date | null;
  readonly captureBefore: Date | null;
  readonly captured: string;
  readonly capturedAt: Date | null;
  readonly refunded: string;
  readonly disputed: string;
  readonly state: string;
  readonly intentId: string | null;
  readonly chargeId: string | null;
  readonly refundIds: string[];
  readonly refundReason: string | null;
  readonly approver: string | null;
  readonly fee: string;
  readonly netToUs: string;
  readonly balanceTransactionIds: string[];
  readonly exchangeRate: string | null;
  readonly period: string | null;
}

export interface LedgerPostingRow {
  readonly account: string;
  readonly currency: string;
  readonly debit: string;
  readonly credit: string;
}

export interface LedgerRow {
  readonly id: string;
  readonly postedAt: Date;
  readonly period: string;
  readonly description: string;
  readonly purchaseId: string;
  readonly postings: LedgerPostingRow[];
}

/** Fees and what is left are read from the books, so that each figure can be traced to its postings. */
const REGISTER = `
  SELECT p.organisation_id AS "organisationId", p.ticket_id AS "ticketId", p.ticket_number AS "ticketNumber",
    p.id AS "purchaseId", p.product_id AS "productId", p.price_version AS "priceVersion", p.currency,
    p.net_minor AS net, p.tax_minor AS tax, p.authorized_minor AS authorized, p.authorized_at AS "authorizedAt",
    p.capture_before AS "captureBefore", p.captured_minor AS captured, p.captured_at AS "capturedAt",
    p.refunded_minor AS refunded, p.disputed_minor AS disputed, p.state, p.intent_id AS "intentId",
    p.charge_id AS "chargeId", r.ids AS "refundIds", r.reason AS "refundReason", r.approver,
    f.fee, f.net_to_us AS "netToUs", l.ids AS "balanceTransactionIds", l.exchange_rate AS "exchangeRate", l.period
  FROM purchase p
  CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(stripe_id ORDER BY id) FILTER (WHERE stripe_id IS NOT NULL), '{}') AS ids,
      (array_agg(reason ORDER BY id DESC) FILTER (WHERE state <> 'failed'))[1] AS reason,
      (array_agg(approver ORDER BY id DESC) FILTER (WHERE state <> 'failed'))[1] AS approver
    FROM refund WHERE purchase_id = p.id) r
  CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(balance_transaction_id ORDER BY id), '{}') AS ids, max(exchange_rate) AS exchange_rate,
      min(period) AS period
    FROM ledger_transaction WHERE purchase_id = p.id) l
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(debit_minor - credit_minor) FILTER (WHERE account = 'stripe_fees'), 0) AS fee,
      coalesce(sum(debit_minor - credit_minor) FILTER (WHERE account = 'stripe_clearing'), 0) AS net_to_us
    FROM ledger_posting JOIN ledger_transaction t ON t.id = transaction_id WHERE t.purchase_id = p.id) f
  WHERE p.desk_id = $1 AND ($2::timestamptz IS NULL OR p.created_at >= $2) AND ($3::timestamptz IS NULL OR p.created_at < $3)
  ORDER BY p.created_at, p.id`;

const LEDGER = `
  SELECT t.id, t.posted_at AS "postedAt", t.period, t.description, t.purchase_id AS "purchaseId",
    (SELECT json_agg(json_build_object('account', account, 'currency', currency,
       'debit', debit_minor::text, 'credit', credit_minor::text) ORDER BY line)
     FROM ledger_posting WHERE transaction_id = t.id) AS postings
  FROM ledger_transaction t WHERE t.desk_id = $1 AND ($2::text IS NULL OR t.period = $2)
  ORDER BY t.posted_at, t.id`;

const BALANCES = `
  SELECT account, currency, sum(debit_minor)::text AS debit, sum(credit_minor)::text AS credit
  FROM ledger_posting JOIN ledger_transaction t ON t.id = transaction_id
  WHERE t.desk_id = $1 AND ($2::text IS NULL OR t.period = $2)
  GROUP BY account, currency ORDER BY account, currency`;

const FETCH = 200;

/** Reports read one snapshot from beginning to end, a few rows at a time, however long they are. */
@Injectable()
export class FinanceQueries {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  register(deskId: string, from: Date | undefined, to: Date | undefined): AsyncGenerator<RegisterRow> {
    return this.stream<RegisterRow>(REGISTER, [deskId, from ?? null, to ?? null]);
  }

  ledger(deskId: string, period: string | undefined): AsyncGenerator<LedgerRow> {
    return this.stream<LedgerRow>(LEDGER, [deskId, period ?? null]);
  }

  async balances(deskId: string, period: string | undefined): Promise<LedgerPostingRow[]> {
    return this.dataSource.query<LedgerPostingRow[]>(BALANCES, [deskId, period ?? null]);
  }

  private async *stream<R extends ObjectLiteral>(text: string, values: unknown[]): AsyncGenerator<R, void, undefined> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction('REPEATABLE READ');
      await runner.query(`DECLARE report NO SCROLL CURSOR FOR ${text}`, values);
      for (;;) {
        const rows: R[] = await runner.query(`FETCH ${FETCH} FROM report`);
        yield* rows;
        if (rows.length < FETCH) return;
      }
    } finally {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      await runner.release();
    }
  }
}

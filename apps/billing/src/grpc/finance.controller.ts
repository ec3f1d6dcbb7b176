import type { Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import type { Observable } from 'rxjs';
import {
  type FinanceServiceController,
  FinanceServiceControllerMethods,
  type ListLedgerBalancesRequest,
  type ListLedgerBalancesResponse,
  type StreamChargeRegisterRequest,
  type StreamChargeRegisterResponse,
  type StreamLedgerRequest,
  type StreamLedgerResponse,
} from '#contracts/generated/priolane/billing/v1/finance.js';
import { invalid } from '#kernel/errors.js';
import { callerOf } from '#platform/auth/caller.js';
import { streamOf } from '#platform/grpc/streams.js';
import { fromTimestampOrUndefined, toTimestamp, toTimestampOrNull } from '#platform/grpc/timestamps.js';
import { FinanceQueries, type LedgerRow, type RegisterRow } from '../persistence/finance.queries.js';

@Controller()
@FinanceServiceControllerMethods()
export class FinanceController implements FinanceServiceController {
  constructor(private readonly queries: FinanceQueries) {}

  streamChargeRegister(
    request: StreamChargeRegisterRequest,
    metadata?: Metadata,
  ): Observable<StreamChargeRegisterResponse> {
    const { deskId } = callerOf(metadata);
    const from = fromTimestampOrUndefined(request.from);
    const to = fromTimestampOrUndefined(request.to);
    return streamOf(() => each(this.queries.register(deskId, from, to), toRegisterMessage));
  }

  async listLedgerBalances(request: ListLedgerBalancesRequest, metadata?: Metadata): Promise<ListLedgerBalancesResponse> {
    const rows = await this.queries.balances(callerOf(metadata).deskId, periodOf(request));
    const balances = rows.map(({ account, currency, debit, credit }) => ({
      account,
      currency,
      debitMinor: debit,
      creditMinor: credit,
      balanceMinor: String(BigInt(debit) - BigInt(credit)),
    }));
    return { balances };
  }

  streamLedger(request: StreamLedgerRequest, metadata?: Metadata): Observable<StreamLedgerResponse> {
    const { deskId } = callerOf(metadata);
    const period = periodOf(request);
    return streamOf(() => each(this.queries.ledger(deskId, period), toLedgerMessage));
  }
}

async function* each<T, U>(rows: AsyncIterable<T>, message: (row: T) => U): AsyncGenerator<U> {
  for await (const row of rows) yield message(row);
}

function periodOf({ period }: { readonly period: string }): string | undefined {
  if (period === '') return undefined;
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(period)) return period;
  throw invalid([{ field: 'period', description: 'must be YYYY-MM' }]);
}

function toRegisterMessage(row: RegisterRow): StreamChargeRegisterResponse {
  return {
    organisationId: row.organisationId ?? '',
    ticketNumber: row.ticketNumber,
    purchaseId: row.purchaseId,
    productId: row.productId,
    priceVersion: row.priceVersion,
    currency: row.currency,
    netMinor: row.net,
    taxMinor: row.tax,
    authorizedMinor: row.authorized,
    authorizedAt: toTimestampOrNull(row.authorizedAt),
    captureBefore: toTimestampOrNull(row.captureBefore),
    capturedMinor: row.captured,
    capturedAt: toTimestampOrNull(row.capturedAt),
    refundedMinor: row.refunded,
    refundReason: row.refundReason ?? '',
    approver: row.approver ?? '',
    disputedMinor: row.disputed,
    stripeFeeMinor: row.fee,
    netToUsMinor: row.netToUs,
    paymentIntentId: row.intentId ?? '',
    chargeId: row.chargeId ?? '',
    refundIds: row.refundIds,
    balanceTransactionIds: row.balanceTransactionIds,
    payoutId: '',
    exchangeRate: row.exchangeRate ?? '',
    postingPeriod: row.period ?? '',
    state: row.state,
    ticketId: row.ticketId,
  };
}

function toLedgerMessage(row: LedgerRow): StreamLedgerResponse {
  return {
    transactionId: row.id,
    postedAt: toTimestamp(row.postedAt),
    period: row.period,
    description: row.description,
    purchaseId: row.purchaseId,
    postings: row.postings.map(({ account, currency, debit, credit }) => ({
      account,
      currency,
      debitMinor: debit,
      creditMinor: credit,
    })),
  };
}

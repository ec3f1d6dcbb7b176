import type { Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import type { Money as MoneyMessage } from '#contracts/generated/priolane/common/v1/money.js';
import {
  type CancelPurchaseRequest,
  type CancelPurchaseResponse,
  type CreatePurchaseRequest,
  type CreatePurchaseResponse,
  type GetPurchaseRequest,
  type GetPurchaseResponse,
  type ListPurchasesRequest,
  type ListPurchasesResponse,
  type PurchaseServiceController,
  PurchaseServiceControllerMethods,
  type RefundPurchaseRequest,
  type RefundPurchaseResponse,
} from '#contracts/generated/priolane/billing/v1/purchase.js';
import { invalid } from '#kernel/errors.js';
import { isId } from '#kernel/ids.js';
import { money, type Money } from '#kernel/money.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { callerOf } from '#platform/auth/caller.js';
import { readPage, toPage } from '#platform/grpc/paging.js';
import { REFUND_REASONS, type RefundReason } from '../domain/purchase.js';
import { scopeOf } from '../domain/visibility.js';
import { PurchaseRepository } from '../persistence/purchase.repository.js';
import { CancelPurchase } from '../use-cases/cancel-purchase.js';
import { CreatePurchase } from '../use-cases/create-purchase.js';
import { RefundPurchase } from '../use-cases/refund-purchase.js';
import { toPurchaseMessage } from './messages.js';

@Controller()
@PurchaseServiceControllerMethods()
export class PurchaseController implements PurchaseServiceController {
  constructor(
    private readonly creates: CreatePurchase,
    private readonly cancels: CancelPurchase,
    private readonly refunds: RefundPurchase,
    private readonly purchases: PurchaseRepository,
    private readonly desks: DeskDirectory,
  ) {}

  async createPurchase(request: CreatePurchaseRequest, metadata?: Metadata): Promise<CreatePurchaseResponse> {
    const purchase = await this.creates.execute(callerOf(metadata), {
      requestId: request.requestId,
      quoteId: request.quoteId,
      consent: { accepted: request.consentAccepted, version: request.consentVersion },
    });
    return { purchase: toPurchaseMessage(purchase), clientSecret: purchase.clientSecret ?? '' };
  }

  async getPurchase(request: GetPurchaseRequest, metadata?: Metadata): Promise<GetPurchaseResponse> {
    const caller = callerOf(metadata);
    const { document: desk } = await this.desks.current(caller.deskId);
    return { purchase: toPurchaseMessage(await this.purchases.get(scopeOf(desk, caller), request.purchaseId)) };
  }

  async listPurchases(request: ListPurchasesRequest, metadata?: Metadata): Promise<ListPurchasesResponse> {
    const caller = callerOf(metadata);
    const { document: desk } = await this.desks.current(caller.deskId);
    const scope = scopeOf(desk, caller);
    const ticketId = request.ticketId || undefined;
    if (ticketId && !isId(ticketId)) throw invalid([{ field: 'ticket_id', description: 'is not an id' }]);
    const query = { scope, ticketId };
    const page = readPage(request, query, z.uuid());
    const found = await this.purchases.list(scope, ticketId, page.cursor, page.size + 1);
    const { rows, nextPageToken } = toPage(found, page, query, (purchase) => purchase.id);
    return { purchases: rows.map(toPurchaseMessage), nextPageToken };
  }

  async cancelPurchase(request: CancelPurchaseRequest, metadata?: Metadata): Promise<CancelPurchaseResponse> {
    const command = { requestId: request.requestId, purchaseId: request.purchaseId };
    return { purchase: toPurchaseMessage(await this.cancels.execute(callerOf(metadata), command)) };
  }

  async refundPurchase(request: RefundPurchaseRequest, metadata?: Metadata): Promise<RefundPurchaseResponse> {
    const purchase = await this.refunds.execute(callerOf(metadata), {
      requestId: request.requestId,
      purchaseId: request.purchaseId,
      amount: request.amount ? amountOf(request.amount) : undefined,
      reason: reasonOf(request.reason),
    });
    return { purchase: toPurchaseMessage(purchase) };
  }
}

function amountOf({ minor, currency }: MoneyMessage): Money {
  if (!/^[A-Z]{3}$/.test(currency)) throw invalid([{ field: 'amount.currency', description: 'is no ISO 4217 currency' }]);
  return money(minor, currency);
}

function reasonOf(reason: string): RefundReason {
  const known = REFUND_REASONS.find((candidate) => candidate === reason);
  if (!known) throw invalid([{ field: 'reason', description: `must be one of ${REFUND_REASONS.join(', ')}` }]);
  return known;
}

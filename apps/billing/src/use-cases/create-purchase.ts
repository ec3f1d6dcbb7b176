import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { DomainError } from '#kernel/errors.js';
import { newId } from '#kernel/ids.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import { buy, type Consent } from '../domain/buy.js';
import { decideCancel } from '../domain/decisions.js';
import type { Purchase } from '../domain/purchase.js';
import { allowanceOf, productOf, type Quote } from '../domain/quote.js';
import type { Ticket } from '../domain/ticket.js';
import { scopeOf } from '../domain/visibility.js';
import { appendPurchaseEvents } from '../events/purchase-events.js';
import { OperationRepository } from '../persistence/operation.repository.js';
import { PurchaseRepository } from '../persistence/purchase.repository.js';
import { QuoteRepository } from '../persistence/quote.repository.js';
import { asPurchaseExists, purchaseExists } from '../persistence/second-live.js';
import { TicketRepository } from '../persistence/ticket.repository.js';
import { PerformOperation } from './perform-operation.js';

export interface CreatePurchaseCommand {
  readonly requestId: string;
  readonly quoteId: string;
  readonly consent: Consent;
}

/** What is stored under the request id: the client's secret is looked up afresh each time. */
interface Decided {
  readonly purchaseId: string;
  /** In their order; none where nothing has to be paid. */
  readonly operationIds: readonly string[];
}

@Injectable()
export class CreatePurchase {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketRepository,
    private readonly quotes: QuoteRepository,
    private readonly purchases: PurchaseRepository,
    private readonly operations: OperationRepository,
    private readonly performs: PerformOperation,
  ) {}

  /**
   * Decides in one transaction, then asks Stripe at once. When Stripe cannot be asked the answer is UNAVAILABLE and the
   * purchase stays: the same request again, or the worker, goes on from there.
   */
  async execute(caller: Caller, command: CreatePurchaseCommand): Promise<Purchase> {
    const { document: desk } = await this.desks.current(caller.deskId);
    const scope = scopeOf(desk, caller);
    const quote = await this.quotes.get(scope, command.quoteId);
    const key = { caller, operation: 'create-purchase', requestId: command.requestId, command };
    const decided = await this.transactions
      .once(key, (tx) => this.decide(tx, desk, caller, command, quote))
      .catch((error: unknown) => {
        throw asPurchaseExists(error);
      });
    for (const id of decided.operationIds) {
      const { state } = await this.performs.execute(id);
      if (state === 'pending') break;
    }
    return this.answer(await this.purchases.get(scope, decided.purchaseId));
  }

  private async decide(
    tx: Transaction,
    desk: DeskDocument,
    caller: Caller,
    command: CreatePurchaseCommand,
    quote: Quote,
  ): Promise<Decided> {
    // Held until the end: the ticket cannot be resolved past a call-back that is just being bought.
    const ticket = await this.tickets.hold(tx, scopeOf(desk, caller), quote.ticketId);
    const now = this.clock.now();
    await this.checkAllowance(tx, desk, quote, ticket, now);
    const product = productOf(desk, quote.productId);
    const buyer = { accountId: caller.accountId, name: caller.name, email: caller.email };
    const { purchase, events } = buy(quote, ticket, product, buyer, command.consent, newId(), now);
    const operationIds: string[] = [];
    for (const failed of await this.purchases.lockOfTicket(tx, ticket.id, ['FAILED'])) {
      if (failed.productId === product.id) operationIds.push(await this.endFailed(tx, failed, now));
    }
    this.purchases.insert(tx, purchase);
    if (!purchase.included) {
      const id = newId();
      const afterId = operationIds.at(-1);
      this.operations.insert(tx, { id, purchaseId: purchase.id, kind: 'create', afterId, decidedAt: now });
      operationIds.push(id);
    }
    recordAudit(tx, caller, 'create-purchase', purchase.id, now, { consentVersion: quote.consentVersion });
    appendPurchaseEvents(tx, events);
    return { purchaseId: purchase.id, operationIds };
  }

  /** Between the quote and now others may have used up what the package includes. */
  private async checkAllowance(tx: Transaction, desk: DeskDocument, quote: Quote, ticket: Ticket, now: Date): Promise<void> {
    if (!quote.included) return;
    const allowance = allowanceOf(desk, ticket, quote.productId);
    if (allowance && (await this.purchases.countIncluded(tx, allowance, now)) < allowance.count) return;
    throw new DomainError('STATE', 'QUOTE_EXPIRED', 'what the package includes is used up; ask for another quote');
  }

  /** A declined payment could still be paid in its open form: it is ended before the new one begins. */
  private async endFailed(tx: Transaction, failed: Purchase, now: Date): Promise<string> {
    const pending = await this.operations.lockPending(tx, failed.id);
    const cancelling = pending.find((operation) => operation.kind === 'cancel');
    if (cancelling) return cancelling.id;
    const id = newId();
    this.purchases.update(tx, decideCancel(failed, now).purchase);
    this.operations.insert(tx, { id, purchaseId: failed.id, kind: 'cancel', decidedAt: now });
    return id;
  }

  private answer(purchase: Purchase): Purchase {
    if (purchase.state === 'CREATED') {
      throw new DomainError('UNAVAILABLE', 'PAYMENT_PROVIDER_UNAVAILABLE', 'the payment could not be prepared yet; repeat the call', {
        metadata: { purchase_id: purchase.id },
      });
    }
    // Paid with another card in the last moment: there is a live purchase, and it is not this one.
    if (purchase.state === 'CANCELED' && !purchase.intentId && !purchase.failureReason) throw purchaseExists();
    if (purchase.state === 'CANCELED' && !purchase.intentId) {
      throw new DomainError('STATE', 'PAYMENT_REFUSED', `the payment provider does not take this payment`, {
        metadata: { purchase_id: purchase.id, code: purchase.failureReason ?? '', current: purchase.state, allowed: '' },
      });
    }
    return purchase;
  }
}

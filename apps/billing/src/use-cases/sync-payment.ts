import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { DomainError } from '#kernel/errors.js';
import { newId } from '#kernel/ids.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import { ENV } from '#platform/platform.module.js';
import { StripePayments } from '../clients/stripe-payments.js';
import { cancelUnasked } from '../domain/decisions.js';
import { nextLook } from '../domain/next-look.js';
import { observePayment } from '../domain/observe-payment.js';
import type { PaymentSeen } from '../domain/payment.js';
import { post } from '../domain/postings.js';
import type { Purchase } from '../domain/purchase.js';
import { LIVE } from '../domain/purchase-state.js';
import type { BillingEnv } from '../env.js';
import { appendPurchaseEvents } from '../events/purchase-events.js';
import { LedgerRepository } from '../persistence/ledger.repository.js';
import { OperationRepository } from '../persistence/operation.repository.js';
import { PurchaseRepository } from '../persistence/purchase.repository.js';
import { RefundRepository } from '../persistence/refund.repository.js';

const ATTEMPTS = 5;

/** How an operation at Stripe ended; written down together with what came of it. */
export interface Ending {
  readonly operationId: string;
  readonly state: 'done' | 'refused';
  readonly error?: string;
}

/** What was seen at Stripe after the purchase had been read. */
export interface Sighting {
  readonly purchase: Purchase;
  readonly seen: PaymentSeen;
}

/** Brings a purchase, its refunds and the books to where the payment stands at Stripe. */
@Injectable()
export class SyncPayment {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly payments: StripePayments,
    private readonly purchases: PurchaseRepository,
    private readonly refunds: RefundRepository,
    private readonly operations: OperationRepository,
    private readonly ledger: LedgerRepository,
    @Inject(ENV) private readonly env: BillingEnv,
  ) {}

  /**
   * Asks Stripe, then writes down what it said. Where somebody else wrote in between, what was seen may be older than what
   * is known: it is thrown away, and Stripe is asked again.
   */
  async execute(purchaseId: string, ending?: Ending, sighting?: Sighting): Promise<void> {
    let sight = sighting;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      sight ??= await this.look(purchaseId, sighting?.seen.intentId);
      if (!sight || (await this.record(sight, ending))) return;
      sight = undefined;
    }
    throw new DomainError('CONFLICT', 'CONCURRENT_CHANGE', `purchase ${purchaseId} keeps changing; try again`);
  }

  private async look(purchaseId: string, madeJustNow: string | undefined): Promise<Sighting | undefined> {
    const purchase = await this.purchases.read(purchaseId);
    const intentId = purchase?.intentId ?? madeJustNow;
    return purchase && intentId ? { purchase, seen: await this.payments.observe(intentId) } : undefined;
  }

  private async record({ purchase: before, seen }: Sighting, ending: Ending | undefined): Promise<boolean> {
    const { document: desk } = await this.desks.current(before.deskId);
    return this.transactions.run(async (tx) => {
      const purchase = await this.purchases.lockById(tx, before.id);
      if (purchase.revision !== before.revision) return false;
      const now = this.clock.now();
      const known = await this.refunds.ofPurchase(tx, purchase.id);
      const otherLive = await this.yieldTo(tx, purchase, seen, now);
      const observed = observePayment(purchase, seen, { refunds: known, otherLive, newId }, now);
      const posted = post(observed.purchase, seen.lines, await this.ledger.postedLines(tx, purchase.id), desk.timeZone);
      // A refused operation decides nothing any more.
      const after = ending?.state === 'refused' ? { ...posted.purchase, closing: undefined } : posted.purchase;
      this.purchases.update(tx, after);
      for (const refund of observed.refunds) this.refunds.save(tx, refund);
      for (const transaction of posted.transactions) this.ledger.append(tx, after, transaction, now);
      const refunds = [...known.filter((r) => !observed.refunds.some((o) => o.id === r.id)), ...observed.refunds];
      const soonest = this.env.STRIPE_POLL_AFTER_MS / 1000;
      this.purchases.lookAgain(tx, after.id, nextLook(after, refunds, soonest, now));
      if (ending) this.operations.end(tx, ending.operationId, ending.state, now, ending.error);
      appendPurchaseEvents(tx, observed.events, ending?.operationId);
      return true;
    });
  }

  /**
   * A declined payment may still succeed with another card, after the customer has begun to buy anew. The new purchase,
   * whose own payment waits until the old one is cancelled, then gives way: one of the two is paid, never both.
   */
  private async yieldTo(tx: Transaction, purchase: Purchase, seen: PaymentSeen, now: Date): Promise<boolean> {
    if (purchase.state !== 'FAILED' && purchase.state !== 'REFUNDED') return false;
    const live = await this.purchases.lockOfTicket(tx, purchase.ticketId, LIVE);
    const other = live.find((candidate) => candidate.productId === purchase.productId);
    const paidAfterAll = purchase.state === 'FAILED' && (seen.status === 'held' || seen.status === 'taken');
    if (!other || !paidAfterAll || other.state !== 'CREATED') return other !== undefined;
    const yielded = cancelUnasked(other, now, 'earlier_payment_succeeded');
    this.purchases.update(tx, yielded.purchase);
    for (const operation of await this.operations.lockPending(tx, other.id)) {
      this.operations.end(tx, operation.id, 'dropped', now);
    }
    appendPurchaseEvents(tx, yielded.events);
    return false;
  }
}

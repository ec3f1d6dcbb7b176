import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Transactions } from '#platform/database/transactions.js';
import { ENV } from '#platform/platform.module.js';
import { PaymentRefused, PaymentUnavailable } from '../clients/payment-failures.js';
import { StripePayments } from '../clients/stripe-payments.js';
import { cancelUnasked, refundRefused } from '../domain/decisions.js';
import { keyMayBeForgotten, type Operation } from '../domain/operation.js';
import type { Purchase } from '../domain/purchase.js';
import type { BillingEnv } from '../env.js';
import { appendPurchaseEvents } from '../events/purchase-events.js';
import { OperationRepository } from '../persistence/operation.repository.js';
import { PurchaseRepository } from '../persistence/purchase.repository.js';
import { RefundRepository } from '../persistence/refund.repository.js';
import { type Ending, SyncPayment } from './sync-payment.js';

/** How long a call waits for somebody else who is just doing the same. */
const WAIT_MS = 3_000;
const WAIT_STEP_MS = 100;

/**
 * Asks Stripe for what was decided, outside any transaction, and writes down what came of it. The id of the operation is
 * the key of the request: after a crash at any point it is asked for again, and Stripe does it once.
 */
@Injectable()
export class PerformOperation {
  private readonly logger = new Logger(PerformOperation.name);

  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly payments: StripePayments,
    private readonly purchases: PurchaseRepository,
    private readonly refunds: RefundRepository,
    private readonly operations: OperationRepository,
    private readonly sync: SyncPayment,
    @Inject(ENV) private readonly env: BillingEnv,
  ) {}

  /** Does it now, or waits a little for whoever does. Still `pending` in the answer: Stripe cannot be asked. */
  async execute(id: string): Promise<Operation> {
    const taken = await this.operations.take(id, this.leaseSeconds, this.clock.now());
    if (!taken) return this.ended(id);
    await this.perform(taken);
    return this.find(id);
  }

  /** The next one that is due; false when there is none. */
  async next(): Promise<boolean> {
    const taken = await this.operations.takeDue(this.leaseSeconds, this.clock.now());
    if (taken) await this.perform(taken);
    return taken !== undefined;
  }

  private async perform(operation: Operation): Promise<void> {
    try {
      await this.ask(operation, (await this.purchases.read(operation.purchaseId))!);
    } catch (error) {
      if (error instanceof PaymentRefused) return this.refused(operation, error);
      await this.operations.putOff(operation, String(error));
      if (!(error instanceof PaymentUnavailable)) throw error;
      this.logger.warn(`Stripe could not be asked to ${operation.kind} for purchase ${operation.purchaseId}: ${error.message}`);
    }
  }

  private async ask(operation: Operation, purchase: Purchase): Promise<void> {
    const ending: Ending = { operationId: operation.id, state: 'done' };
    if (operation.kind === 'create') {
      const made = purchase.intentId ? await this.payments.observe(purchase.intentId) : await this.made(operation);
      const seen = made ?? (await this.payments.create(purchase, operation.id));
      return this.sync.execute(purchase.id, ending, { purchase, seen });
    }
    if (!purchase.intentId) return this.drop(operation);
    if (operation.kind === 'cancel') await this.payments.cancel(purchase.intentId, operation.id);
    if (operation.kind === 'capture') await this.captureOrGiveUp(operation, purchase.intentId);
    if (operation.kind === 'refund') await this.refund(operation, purchase);
    return this.sync.execute(purchase.id, ending);
  }

  private async made(operation: Operation): Promise<Awaited<ReturnType<StripePayments['find']>>> {
    if (!keyMayBeForgotten(operation, this.clock.now())) return undefined;
    return this.payments.find(operation.purchaseId, operation.attemptedAt!);
  }

  /** By now the customer may have paid after all, or never. */
  private async captureOrGiveUp(operation: Operation, intentId: string): Promise<void> {
    const { status } = await this.payments.observe(intentId);
    if (status === 'held') await this.payments.capture(intentId, operation.id);
    if (status === 'open') await this.payments.cancel(intentId, operation.id);
  }

  private async refund(operation: Operation, purchase: Purchase): Promise<void> {
    if (keyMayBeForgotten(operation, this.clock.now())) {
      const { refunds } = await this.payments.observe(purchase.intentId!);
      if (refunds.some((refund) => refund.refundId === operation.id)) return;
    }
    const refund = await this.refunds.find(operation.id);
    if (refund) await this.payments.refund(purchase, refund);
  }

  private async refused(operation: Operation, refusal: PaymentRefused): Promise<void> {
    this.logger.warn(`Stripe refused to ${operation.kind} for purchase ${operation.purchaseId}: ${refusal.message}`);
    const { id: operationId, purchaseId, kind } = operation;
    const error = `${refusal.code}: ${refusal.message}`;
    if (kind === 'create') return this.giveUp(operation, refusal.code, error);
    if (kind === 'refund') await this.release(operation);
    await this.sync.execute(purchaseId, { operationId, state: 'refused', error });
  }

  /** Stripe will not take this payment at all. */
  private async giveUp(operation: Operation, code: string, error: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const purchase = await this.purchases.lockById(tx, operation.purchaseId);
      const now = this.clock.now();
      this.operations.end(tx, operation.id, 'refused', now, error);
      if (purchase.state !== 'CREATED') return;
      const ended = cancelUnasked({ ...purchase, failureReason: code }, now, code);
      this.purchases.update(tx, ended.purchase);
      appendPurchaseEvents(tx, ended.events, operation.id);
    });
  }

  /** What was set aside for a refund that will not be is free again. */
  private async release(operation: Operation): Promise<void> {
    await this.transactions.run(async (tx) => {
      const purchase = await this.purchases.lockById(tx, operation.purchaseId);
      const refund = (await this.refunds.ofPurchase(tx, purchase.id)).find((r) => r.id === operation.id);
      if (refund?.state !== 'decided') return;
      const freed = refundRefused(purchase, refund);
      this.purchases.update(tx, freed.purchase);
      this.refunds.save(tx, freed.refund);
    });
  }

  /** There never was a payment to do it to. */
  private async drop(operation: Operation): Promise<void> {
    await this.transactions.run(async (tx) => this.operations.end(tx, operation.id, 'dropped', this.clock.now()));
  }

  private async ended(id: string): Promise<Operation> {
    for (let waited = 0; ; waited += WAIT_STEP_MS) {
      const operation = await this.find(id);
      if (operation.state !== 'pending' || waited >= WAIT_MS) return operation;
      await delay(WAIT_STEP_MS);
    }
  }

  private async find(id: string): Promise<Operation> {
    return (await this.operations.find(id))!;
  }

  private get leaseSeconds(): number {
    return this.env.STRIPE_LEASE_MS / 1000;
  }
}

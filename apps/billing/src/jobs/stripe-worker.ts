import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { ENV } from '#platform/platform.module.js';
import type { BillingEnv } from '../env.js';
import { PurchaseRepository } from '../persistence/purchase.repository.js';
import { PerformOperation } from '../use-cases/perform-operation.js';
import { SyncPayment } from '../use-cases/sync-payment.js';
import { TakeStripeEvent } from '../use-cases/take-stripe-event.js';

const AT_ONCE = 20;

/**
 * Finishes what was decided and not done, acts on stored events, and asks Stripe where no event came. Rows are leased one
 * by one, so that any number of replicas may be at it; one that dies loses its lease.
 */
@Injectable()
export class StripeWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(StripeWorker.name);
  private working?: Promise<void>;
  private again = false;
  private stopping = false;

  constructor(
    private readonly scheduler: SchedulerRegistry,
    private readonly operations: PerformOperation,
    private readonly events: TakeStripeEvent,
    private readonly purchases: PurchaseRepository,
    private readonly sync: SyncPayment,
    @Inject(ENV) private readonly env: BillingEnv,
  ) {}

  onApplicationBootstrap(): void {
    this.scheduler.addInterval('stripe', setInterval(() => this.wake(), this.env.STRIPE_WORKER_INTERVAL_MS));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.scheduler.deleteInterval('stripe');
    await this.working;
  }

  /** There may be something to do. */
  wake(): void {
    this.again = true;
    this.working ??= this.work().finally(() => (this.working = undefined));
  }

  private async work(): Promise<void> {
    while (this.again && !this.stopping) {
      this.again = false;
      await this.attempt(() => this.operations.next());
      await this.attempt(() => this.events.next());
      await this.attempt(() => this.lookAtSome());
    }
  }

  /** Until nothing is left. A failure ends this round only: what failed has been put off, or comes back with its lease. */
  private async attempt(next: () => Promise<boolean>): Promise<void> {
    try {
      while (!this.stopping && (await next()));
    } catch (error) {
      this.logger.error(error);
    }
  }

  private async lookAtSome(): Promise<boolean> {
    const due = await this.purchases.takeDue(AT_ONCE, this.env.STRIPE_LEASE_MS / 1000);
    for (const id of due) {
      if (this.stopping) return false;
      await this.sync.execute(id).catch((error: unknown) => this.logger.warn(`purchase ${id}: ${String(error)}`));
    }
    return due.length === AT_ONCE;
  }
}

import { Inject, Injectable, Logger } from '@nestjs/common';
import { ENV } from '#platform/platform.module.js';
import type { BillingEnv } from '../env.js';
import { PurchaseRepository } from '../persistence/purchase.repository.js';
import { StripeEventRepository } from '../persistence/stripe-event.repository.js';
import { SyncPayment } from './sync-payment.js';

/**
 * Acts on an event that was stored: the payment it names is looked up at Stripe. What the event itself says is not used,
 * so that it makes no difference how often, how late and in which order events come.
 */
@Injectable()
export class TakeStripeEvent {
  private readonly logger = new Logger(TakeStripeEvent.name);

  constructor(
    private readonly events: StripeEventRepository,
    private readonly purchases: PurchaseRepository,
    private readonly sync: SyncPayment,
    @Inject(ENV) private readonly env: BillingEnv,
  ) {}

  /** The next event that is due; false when there is none. */
  async next(): Promise<boolean> {
    const event = await this.events.takeDue(this.env.STRIPE_LEASE_MS / 1000);
    if (!event) return false;
    const purchaseId = await this.purchases.idOfIntent(event.intentId!);
    if (!purchaseId) {
      await this.events.putOff(event, `payment ${event.intentId} is not known (yet)`);
      return true;
    }
    try {
      await this.sync.execute(purchaseId);
      await this.events.done(event.id);
    } catch (error) {
      this.logger.warn(`${event.type} ${event.id} is put off: ${String(error)}`);
      await this.events.putOff(event, String(error));
    }
    return true;
  }
}

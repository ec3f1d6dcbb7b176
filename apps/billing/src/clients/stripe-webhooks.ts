import { Inject, Injectable } from '@nestjs/common';
import { Stripe } from 'stripe';
import { Clock } from '#kernel/clock.js';
import { invalid } from '#kernel/errors.js';
import { ENV } from '#platform/platform.module.js';
import type { BillingEnv } from '../env.js';
import type { ReceivedEvent } from '../persistence/stripe-event.repository.js';

/** How old a signature may be. */
const TOLERANCE_SECONDS = 300;

/** Reads what Stripe sends, once it is sure that Stripe sent it. */
@Injectable()
export class StripeWebhooks {
  private readonly webhooks = new Stripe('sk_none').webhooks;

  constructor(
    @Inject(ENV) private readonly env: BillingEnv,
    private readonly clock: Clock,
  ) {}

  /** `body` is what came over the wire, byte for byte. Errors: INVALID WEBHOOK_NOT_SIGNED. */
  read(body: Buffer | undefined, signature: string | undefined): ReceivedEvent {
    const event = this.verified(body ?? Buffer.alloc(0), signature ?? '');
    return { id: event.id, type: event.type, intentId: intentOf(event.data.object), payload: event };
  }

  private verified(body: Buffer, signature: string): Stripe.Event {
    const receivedAt = this.clock.now().getTime();
    const { STRIPE_WEBHOOK_SECRET: secret } = this.env;
    try {
      return this.webhooks.constructEvent(body, signature, secret, TOLERANCE_SECONDS, undefined, receivedAt);
    } catch (error) {
      const description = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
      throw invalid([{ field: 'stripe-signature', description }], 'WEBHOOK_NOT_SIGNED');
    }
  }
}

/** The payment that an event is about, whichever object it carries. */
function intentOf(object: object): string | undefined {
  const { object: kind, id, payment_intent: intent } = object as { object?: unknown; id?: unknown; payment_intent?: unknown };
  if (kind === 'payment_intent') return String(id);
  return typeof intent === 'string' ? intent : undefined;
}

import { BadRequestException, Controller, Headers, HttpCode, Post, type RawBodyRequest, Req } from '@nestjs/common';
import type { Request } from 'express';
import { Clock } from '#kernel/clock.js';
import { DomainError } from '#kernel/errors.js';
import { StripeWebhooks } from '../clients/stripe-webhooks.js';
import { StripeWorker } from '../jobs/stripe-worker.js';
import { type ReceivedEvent, StripeEventRepository } from '../persistence/stripe-event.repository.js';

@Controller('stripe')
export class StripeWebhookController {
  constructor(
    private readonly webhooks: StripeWebhooks,
    private readonly events: StripeEventRepository,
    private readonly clock: Clock,
    private readonly worker: StripeWorker,
  ) {}

  /** Acknowledged once it is stored, and acted on after that: Stripe need not wait, and nothing is lost. */
  @Post('webhook')
  @HttpCode(200)
  async receive(@Req() request: RawBodyRequest<Request>, @Headers('stripe-signature') signature?: string): Promise<object> {
    await this.events.store(this.read(request.rawBody, signature), this.clock.now());
    this.worker.wake();
    return { received: true };
  }

  private read(body: Buffer | undefined, signature: string | undefined): ReceivedEvent {
    try {
      return this.webhooks.read(body, signature);
    } catch (error) {
      throw error instanceof DomainError ? new BadRequestException(error.reason) : error;
    }
  }
}

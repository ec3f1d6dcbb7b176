import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Transactions } from './transactions.js';

const EVERY_MS = 10 * 60_000;
/** A client that repeats a request does so within hours; Stripe's own keys live for one day. */
const KEPT_MS = 3 * 24 * 60 * 60_000;

/** Forgets answered requests after three days. Replicas may sweep at once. */
@Injectable()
export class IdempotencySweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    // A sweep that fails leaves rows for the next one.
    this.timer = setInterval(() => void this.sweep().catch(() => undefined), EVERY_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  async sweep(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - KEPT_MS);
    await this.transactions.read('DELETE FROM idempotency WHERE created_at < $1', [before]);
  }
}

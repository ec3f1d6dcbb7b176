import { setTimeout as delay } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Outage } from '#messaging/outage.js';
import { Signal } from '#messaging/signal.js';
import { Transactions } from '#platform/database/transactions.js';
import { ENV } from '#platform/platform.module.js';
import { Smtp } from '../clients/smtp.js';
import type { Delivery } from '../domain/delivery.js';
import { pauseAfter, type RetryPolicy } from '../domain/retry.js';
import type { NotificationsEnv } from '../env.js';
import { appendMailEvent } from '../events/mail-events.js';
import { DeliveryRepository } from '../persistence/delivery.repository.js';

const POLL_MS = 1_000;
/** For mails that are on their way when the service stops; a slower one is sent again by somebody else. */
const LAST_MAILS_MS = 1_500;

/**
 * Sends what is due: claims it with a lease, talks to the SMTP server outside any transaction, and writes down what became
 * of it. Replicas share the work. One that dies after the server took the mail and before that was written down leaves it
 * to be sent once more, under the same Message-ID.
 */
@Injectable()
export class SendMails implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SendMails.name);
  private readonly outage = new Outage(this.logger, 'cannot send mails');
  private readonly work = new Signal();
  private readonly retry: RetryPolicy;
  private readonly onTheWay = new Set<Promise<void>>();
  private stopping = false;
  private running?: Promise<void>;

  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly deliveries: DeliveryRepository,
    private readonly smtp: Smtp,
    @Inject(ENV) private readonly env: NotificationsEnv,
  ) {
    this.retry = { attempts: env.MAIL_ATTEMPTS, firstPauseMs: env.MAIL_FIRST_PAUSE_MS };
  }

  /** Something is due. */
  wake(): void {
    this.work.raise();
  }

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.work.raise();
    await Promise.race([this.running, delay(LAST_MAILS_MS, undefined, { ref: false })]);
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      const due = await this.claim(this.env.SMTP_CONNECTIONS - this.onTheWay.size);
      for (const delivery of due) this.start(delivery);
      if (due.length === 0) await this.work.wait(POLL_MS);
    }
    await Promise.all(this.onTheWay);
  }

  /** No more than there are connections: nothing waits in this process while another replica could send it. */
  private async claim(free: number): Promise<readonly Delivery[]> {
    if (free === 0) return [];
    try {
      const due = await this.deliveries.claim(free, this.env.MAIL_LEASE_MS);
      this.outage.over();
      return due;
    } catch (error) {
      this.outage.failed(error);
      return [];
    }
  }

  /** What was sent and could not be written down is tried again when its lease is over. */
  private start(delivery: Delivery): void {
    const sending = this.send(delivery)
      .catch((error: unknown) => this.outage.failed(error))
      .finally(() => {
        this.onTheWay.delete(sending);
        this.work.raise();
      });
    this.onTheWay.add(sending);
  }

  private async send(delivery: Delivery): Promise<void> {
    const outcome = await this.smtp.send(delivery);
    if (outcome.kind === 'sent') return this.settle(delivery, 'sent', '');
    const pause = outcome.permanent ? undefined : pauseAfter(delivery.attempts, this.retry);
    if (pause === undefined) return this.settle(delivery, 'failed', outcome.reason);
    await this.deliveries.postpone(delivery, pause, outcome.reason);
  }

  private async settle(delivery: Delivery, state: 'sent' | 'failed', reason: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const at = this.clock.now();
      if (await this.deliveries.settle(tx, delivery.id, { state, at, reason })) {
        appendMailEvent(tx, delivery, state, at, reason);
      }
    });
  }
}

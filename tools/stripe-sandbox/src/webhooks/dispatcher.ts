import type { Logger } from 'pino';
import { Stripe } from 'stripe';
import type { SandboxClock } from '../clock.js';
import type { Delivery } from '../model.js';
import type { Store } from '../store.js';

interface Waiting {
  readonly id: string;
  readonly rank: number;
  /** Wall-clock milliseconds: moving the sandbox's clock neither hurries nor delays a retry. */
  readonly notBefore: number;
}

export interface DispatcherOptions {
  /** The pause after the first failed attempt; it doubles with each, up to five minutes. */
  readonly firstRetryMs: number;
  readonly timeoutMs: number;
}

const LONGEST_PAUSE_MS = 5 * 60_000;

/**
 * Sends what is queued, one delivery at a time and in order of rank, until each got a 2xx. The queue itself is the
 * store's pending deliveries: a restart goes on where the last run stopped.
 */
export class Dispatcher {
  private readonly queue = new Map<string, Waiting>();
  private readonly signer = new Stripe('sk_test_sandbox').webhooks;
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;

  constructor(
    private readonly store: Store,
    private readonly clock: SandboxClock,
    private readonly options: DispatcherOptions,
    private readonly log: Logger,
  ) {
    for (const delivery of store.all('delivery')) this.take(delivery);
    store.onCommit((changes) => {
      for (const [kind, , document] of changes) {
        if (kind === 'delivery' && document !== null) this.take(document as Delivery);
      }
      this.wake();
    });
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.round;
  }

  private take(delivery: Readonly<Delivery>): void {
    if (delivery.status !== 'pending') {
      this.queue.delete(delivery.id);
      return;
    }
    const pause = delivery.attempts === 0 ? 0 : this.options.firstRetryMs * 2 ** (delivery.attempts - 1);
    const notBefore = performance.now() + Math.min(pause, LONGEST_PAUSE_MS);
    this.queue.set(delivery.id, { id: delivery.id, rank: delivery.rank, notBefore });
  }

  private wake(): void {
    if (this.round !== undefined || this.stopping.signal.aborted) return;
    clearTimeout(this.timer);
    const waiting = [...this.queue.values()];
    if (waiting.length === 0) return;
    const pause = Math.max(0, Math.min(...waiting.map((w) => w.notBefore)) - performance.now());
    this.timer = setTimeout(() => {
      this.round = this.sendDue().finally(() => {
        this.round = undefined;
        this.wake();
      });
    }, pause);
  }

  private async sendDue(): Promise<void> {
    for (;;) {
      const now = performance.now();
      let next: Waiting | undefined;
      for (const waiting of this.queue.values()) {
        if (waiting.notBefore <= now && (next === undefined || waiting.rank < next.rank)) next = waiting;
      }
      if (next === undefined || this.stopping.signal.aborted) return;
      await this.send(next.id);
    }
  }

  private async send(id: string): Promise<void> {
    const delivery = this.store.get('delivery', id);
    const event = delivery && this.store.get('event', delivery.event);
    const endpoint = delivery && this.store.get('webhook_endpoint', delivery.endpoint);
    if (delivery === undefined || event === undefined || endpoint === undefined) {
      // The endpoint was deleted meanwhile: what was on its way to it is not sent any more.
      if (delivery) this.store.transact(() => this.store.put('delivery', { ...delivery, status: 'dropped' }));
      this.queue.delete(id);
      return;
    }
    const answer = await this.post(endpoint.url, endpoint.secret, JSON.stringify(event, null, 2));
    if (this.stopping.signal.aborted) return;
    const isDelivered = answer.status !== null && answer.status >= 200 && answer.status < 300;
    if (!isDelivered && delivery.attempts === 0) {
      this.log.warn(
        { event: event.id, type: event.type, url: endpoint.url, ...answer },
        'webhook not taken, will be retried',
      );
    }
    this.record(id, isDelivered, answer);
  }

  private record(id: string, isDelivered: boolean, answer: { status: number | null; error: string | null }): void {
    this.store.transact(() => {
      const delivery = this.store.get('delivery', id);
      if (delivery === undefined) return;
      this.store.put('delivery', {
        ...delivery,
        attempts: delivery.attempts + 1,
        last_status: answer.status,
        last_error: answer.error,
        // One that was held or dropped while it was being sent stays so, unless it has arrived.
        status: isDelivered ? 'delivered' : delivery.status,
      });
      const event = this.store.get('event', delivery.event);
      if (isDelivered && event !== undefined) {
        this.store.put('event', { ...event, pending_webhooks: Math.max(0, event.pending_webhooks - 1) });
      }
    });
  }

  private async post(
    url: string,
    secret: string,
    payload: string,
  ): Promise<{ status: number | null; error: string | null }> {
    const signature = this.signer.generateTestHeaderString({ payload, secret, timestamp: this.clock.seconds() });
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json; charset=utf-8',
          'Stripe-Signature': signature,
          'User-Agent': 'Stripe/1.0 (sandbox of Priolane, not Stripe)',
        },
        body: payload,
        redirect: 'manual',
        signal: AbortSignal.any([this.stopping.signal, AbortSignal.timeout(this.options.timeoutMs)]),
      });
      await response.arrayBuffer();
      return { status: response.status, error: null };
    } catch (error) {
      const reason =
        error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error);
      return { status: null, error: reason };
    }
  }
}

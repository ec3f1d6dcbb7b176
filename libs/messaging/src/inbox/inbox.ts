import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { newContext, runInContext } from '#platform/context.js';
import type { Transaction } from '#platform/database/transaction.js';
import type { Transactions } from '#platform/database/transactions.js';
import type { ReceivedMessage } from '../bus/event-bus.js';
import { fromMessage } from '../cloud-event.js';
import type { DomainEvent } from '../event.js';
import type { MessagingMetrics } from '../metrics.js';
import type { DeadLetters } from './dead-letters.js';
import type { EventHandler } from './event-handler.js';
import { markHandled } from './mark-handled.js';
import { isTransient } from './transient.js';

export interface RetryPolicy {
  /** Attempts at an event before it becomes a dead letter. */
  readonly attempts: number;
  readonly firstPauseMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 5, firstPauseMs: 100 };
const PAUSE_FACTOR = 3;
const LONGEST_PAUSE_MS = 5_000;

/** Handles each event of a consumer group once: the effect and the inbox mark are one transaction. */
export class Inbox {
  private readonly logger = new Logger(Inbox.name);

  constructor(
    private readonly group: string,
    private readonly handlers: readonly EventHandler[],
    private readonly transactions: Transactions,
    private readonly deadLetters: DeadLetters,
    private readonly metrics: MessagingMetrics,
    private readonly retry: RetryPolicy = DEFAULT_RETRY,
  ) {}

  /** Resolves when the message needs no more attention; rejects only when `signal` ended the attempts. */
  async receive(message: ReceivedMessage, signal: AbortSignal): Promise<void> {
    const context = newContext(`${this.group} consumer`, message.headers.ce_traceparent);
    const outcome = await runInContext(context, () => this.attend(message, signal));
    this.metrics.consumed.inc({ topic: message.topic, outcome });
  }

  /** As `receive`, once, for a message that is marked already, in the transaction that settles its dead letter. */
  async replay(message: Pick<ReceivedMessage, 'topic' | 'key' | 'headers' | 'value'>, tx: Transaction): Promise<void> {
    const event = fromMessage(message);
    for (const handler of this.handlersOf(message.topic, event.type)) await handler.handle(event, tx);
    this.metrics.consumed.inc({ topic: message.topic, outcome: 'replayed' });
  }

  private async attend(message: ReceivedMessage, signal: AbortSignal): Promise<string> {
    let event: DomainEvent;
    try {
      event = fromMessage(message);
    } catch (error) {
      await this.deadLetters.bury(message, error, 1, signal);
      return 'dead_lettered';
    }
    const handlers = this.handlersOf(message.topic, event.type);
    if (handlers.length === 0) return 'unknown';
    for (let attempt = 1, failures = 0; ; attempt += 1) {
      try {
        return await this.handleOnce(event, handlers);
      } catch (error) {
        this.metrics.consumerFailures.inc({ topic: message.topic });
        if (!isTransient(error)) failures += 1;
        if (failures === this.retry.attempts) {
          this.logger.error(`${event.type} ${event.id} becomes a dead letter: ${String(error)}`);
          await this.deadLetters.bury(message, error, failures, signal);
          return 'dead_lettered';
        }
        const pause = Math.min(this.retry.firstPauseMs * PAUSE_FACTOR ** (attempt - 1), LONGEST_PAUSE_MS);
        await delay(pause, undefined, { signal });
      }
    }
  }

  /**
   * Marks first: a second delivery at the same time waits for the first one's transaction, and skips when it commits.
   * So the order holds even while two consumers believe that they own a partition.
   */
  private handleOnce(event: DomainEvent, handlers: readonly EventHandler[]): Promise<'handled' | 'duplicate'> {
    return this.transactions.run(async (tx) => {
      if (!(await markHandled(tx, this.group, event.id))) return 'duplicate';
      for (const handler of handlers) await handler.handle(event, tx);
      return 'handled';
    });
  }

  private handlersOf(topic: string, type: string): readonly EventHandler[] {
    return this.handlers.filter((handler) => handler.topic === topic && takes(handler, type));
  }
}

function takes(handler: EventHandler, type: string): boolean {
  const types = typeof handler.type === 'string' ? [handler.type] : handler.type;
  return types.includes(type) || types.includes('*');
}

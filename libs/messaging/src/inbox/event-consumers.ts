import { Logger } from '@nestjs/common';
import { bulkhead } from 'cockatiel';
import type { EventBus, MessageBatch, ReceivedMessage, Subscription } from '../bus/event-bus.js';
import type { MessagingMetrics } from '../metrics.js';
import type { Inbox } from './inbox.js';

export interface ConsumerOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /** Events of different aggregates handled at once in this process; each takes a database connection. */
  readonly concurrency: number;
  readonly leaseMs?: number;
}

/** Feeds the inbox from the bus: one aggregate's events one after the other, different aggregates side by side. */
export class EventConsumers {
  private readonly logger = new Logger(EventConsumers.name);
  private readonly slots;
  private subscription?: Subscription;

  constructor(
    private readonly bus: EventBus,
    private readonly inbox: Inbox,
    private readonly metrics: MessagingMetrics,
    private readonly options: ConsumerOptions,
  ) {
    this.slots = bulkhead(options.concurrency, Number.POSITIVE_INFINITY);
  }

  async start(): Promise<void> {
    const { group, topics, leaseMs } = this.options;
    if (topics.length === 0) return;
    this.subscription = await this.bus.subscribe(group, topics, (batch, signal) => this.handle(batch, signal), { leaseMs });
    this.logger.log(`${group} consumes ${topics.join(', ')}`);
  }

  async stop(): Promise<void> {
    await this.subscription?.stop();
  }

  private async handle(batch: MessageBatch, signal: AbortSignal): Promise<void> {
    const { topic, partition } = batch;
    const outcomes = await Promise.allSettled(byKey(batch.messages).map((messages) => this.inOrder(messages, signal)));
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure) throw failure.reason;
    this.metrics.lag.set({ topic, partition }, batch.lag);
  }

  private async inOrder(messages: readonly ReceivedMessage[], signal: AbortSignal): Promise<void> {
    for (const message of messages) {
      signal.throwIfAborted();
      await this.slots.execute(() => this.inbox.receive(message, signal));
    }
  }
}

function byKey(messages: readonly ReceivedMessage[]): ReceivedMessage[][] {
  const groups = new Map<string, ReceivedMessage[]>();
  for (const message of messages) {
    const group = groups.get(message.key);
    if (group) group.push(message);
    else groups.set(message.key, [message]);
  }
  return [...groups.values()];
}

import { setTimeout as delay } from 'node:timers/promises';
import { Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import type { Transactions } from '#platform/database/transactions.js';
import type { EventBus } from './bus/event-bus.js';
import { DEAD_LETTER_TOPIC, topicOf } from './event.js';
import { DeadLetters } from './inbox/dead-letters.js';
import { EventConsumers } from './inbox/event-consumers.js';
import type { EventHandler } from './inbox/event-handler.js';
import { Inbox } from './inbox/inbox.js';
import { type DeadLetterFilter, DeadLetterReplay, type ReplayResult } from './inbox/replay-dead-letters.js';
import type { MessagingOptions } from './messaging-options.js';
import { Outage } from './outage.js';
import type { MessagingMetrics } from './metrics.js';
import type { Relay } from './outbox/relay.js';
import { Sweeper } from './sweeper.js';

const CONCURRENCY = 4;
const RETENTION_DAYS = 30;
const START_AGAIN_MS = 2_000;

interface Parts {
  readonly bus: EventBus;
  readonly relay: Relay;
  readonly transactions: Transactions;
  readonly dataSource: DataSource;
  readonly metrics: MessagingMetrics;
  readonly modules: ModuleRef;
}

/** Starts a service's messaging with the application and ends it in order; the service comes up without a bus, too. */
export class Messaging implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(Messaging.name);
  private readonly stopping = new AbortController();
  private readonly sweeper: Sweeper;
  private consumers?: EventConsumers;
  private replay?: DeadLetterReplay;
  private consuming?: Promise<void>;

  constructor(
    private readonly options: MessagingOptions,
    private readonly parts: Parts,
  ) {
    this.sweeper = new Sweeper(parts.dataSource, { days: options.retentionDays ?? RETENTION_DAYS });
  }

  onApplicationBootstrap(): void {
    const { bus, relay, transactions, metrics, modules } = this.parts;
    const { service, consumes, retry, leaseMs, concurrency = CONCURRENCY } = this.options;
    const handlers = consumes.map((handler) => modules.get<EventHandler>(handler, { strict: false }));
    const inbox = new Inbox(service, handlers, transactions, new DeadLetters(service, bus, transactions), metrics, retry);
    const topics = [...new Set(handlers.map((handler) => handler.topic))];
    this.replay = new DeadLetterReplay(service, inbox, transactions);
    this.consumers = new EventConsumers(bus, inbox, metrics, { group: service, topics, concurrency, leaseMs });
    relay.start();
    this.sweeper.start();
    this.consuming = this.startConsuming(this.consumers, [topicOf(service), DEAD_LETTER_TOPIC, ...topics]);
  }

  /** Before the servers close: no new work comes in from the bus. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.consuming;
    await this.consumers?.stop();
    await this.sweeper.stop();
  }

  /** After the servers closed: the last requests' events go out. */
  async onApplicationShutdown(): Promise<void> {
    await this.parts.relay.stop();
    await this.parts.bus.close();
  }

  /** Hands dead letters of this service to their handlers once more; those that fail again stay. */
  async replayDeadLetters(filter: DeadLetterFilter = {}): Promise<ReplayResult> {
    if (!this.replay) throw new Error('the application has not started');
    return this.replay.replay(filter);
  }

  private async startConsuming(consumers: EventConsumers, topics: readonly string[]): Promise<void> {
    const outage = new Outage(this.logger, 'cannot consume, the event bus is away');
    while (!this.stopping.signal.aborted) {
      try {
        await this.parts.bus.ensureTopics([...new Set(topics)]);
        await consumers.start();
        outage.over();
        return;
      } catch (error) {
        outage.failed(error);
        await delay(START_AGAIN_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }
}

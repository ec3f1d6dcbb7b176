import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { inChunks } from '../batches.js';
import type { BatchHandler, SubscribeOptions, Subscription } from '../event-bus.js';
import { Outage } from '../../outage.js';
import { receivedMessage } from './kafka-reader.js';

const LEASE_MS = 15_000;
const BATCH = 100;
const PARTITIONS_AT_ONCE = 6;
const FETCH_WAIT_MS = 500;
const START_AGAIN_MS = 1_000;

export interface KafkaSubscriptionOptions extends SubscribeOptions {
  readonly group: string;
  readonly topics: readonly string[];
  readonly handler: BatchHandler;
}

/** One member of a consumer group. kafkajs gives up on some failures for good; then a new consumer takes its place. */
export class KafkaSubscription implements Subscription {
  private readonly stopping = new AbortController();
  private readonly outage: Outage;
  private consumer?: Consumer;
  private restarting?: Promise<void>;

  constructor(
    private readonly kafka: Kafka,
    private readonly options: KafkaSubscriptionOptions,
  ) {
    this.outage = new Outage(new Logger(KafkaSubscription.name), `the consumer group ${options.group} cannot reach Kafka`);
  }

  async start(): Promise<void> {
    const { group, topics, leaseMs = LEASE_MS } = this.options;
    const consumer = this.kafka.consumer({
      groupId: group,
      sessionTimeout: leaseMs,
      heartbeatInterval: leaseMs / 5,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      allowAutoTopicCreation: false,
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      this.outage.failed(payload.error);
      if (!payload.restart) this.restarting = this.startAgain();
    });
    consumer.on(consumer.events.GROUP_JOIN, () => this.outage.over());
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
        eachBatch: (payload) => this.consume(payload),
      });
      this.consumer = consumer;
    } catch (error) {
      await consumer.disconnect();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.restarting;
    await this.consumer?.disconnect();
  }

  private async startAgain(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await delay(START_AGAIN_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.stopping.signal.aborted) return;
      try {
        await this.start();
        return;
      } catch (error) {
        this.outage.failed(error);
      }
    }
  }

  private async consume(payload: EachBatchPayload): Promise<void> {
    const { batch, heartbeat } = payload;
    const { handler, batchSize = BATCH, leaseMs = LEASE_MS } = this.options;
    // Lets the group know that we are alive however long a handler takes. That the group is being shared anew, which
    // makes it reject, shows at the commit.
    const beat = setInterval(() => void heartbeat().catch(() => undefined), leaseMs / 5);
    try {
      for (const messages of inChunks(batch.messages, batchSize)) {
        if (!payload.isRunning() || payload.isStale()) return;
        const { topic, partition } = batch;
        const next = BigInt(messages.at(-1)!.offset) + 1n;
        const lag = Number(BigInt(batch.highWatermark) - next);
        const received = messages.map((message) => receivedMessage(topic, partition, message));
        await handler({ topic, partition, messages: received, lag }, this.stopping.signal);
        payload.resolveOffset(messages.at(-1)!.offset);
        await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: String(next) }] }] });
      }
    } finally {
      clearInterval(beat);
    }
  }
}

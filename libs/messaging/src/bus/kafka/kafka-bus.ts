import { type Admin, Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { Logger } from '@nestjs/common';
import { type BatchHandler, type BusMessage, EventBus, type ReceivedMessage, type SubscribeOptions, type Subscription } from '../event-bus.js';
import { readKafkaTopic } from './kafka-reader.js';
import { KafkaPublisher } from './kafka-publisher.js';
import { KafkaSubscription } from './kafka-subscription.js';

const PARTITIONS = 6;
const BROKER_DEFAULT = -1;

/** The event bus on Apache Kafka. kafkajs is known in this folder only. */
export class KafkaBus extends EventBus {
  private readonly kafka: Kafka;
  private readonly publisher: KafkaPublisher;
  private readonly subscriptions = new Set<KafkaSubscription>();

  constructor(clientId: string, brokers: readonly string[]) {
    super();
    this.kafka = new Kafka({
      clientId,
      brokers: [...brokers],
      connectionTimeout: 3_000,
      requestTimeout: 15_000,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
      logLevel: logLevel.ERROR,
      logCreator: quietly,
    });
    this.publisher = new KafkaPublisher(this.kafka);
  }

  async ensureTopics(topics: readonly string[]): Promise<void> {
    await this.withAdmin(async (admin) => {
      const existing = new Set(await admin.listTopics());
      const missing = topics.filter((topic) => !existing.has(topic));
      if (missing.length === 0) return;
      await admin.createTopics({
        topics: missing.map((topic) => ({ topic, numPartitions: PARTITIONS, replicationFactor: BROKER_DEFAULT })),
        waitForLeaders: true,
      });
    });
  }

  publish(topic: string, messages: readonly BusMessage[]): Promise<void> {
    return this.publisher.publish(topic, messages);
  }

  async subscribe(
    group: string,
    topics: readonly string[],
    handler: BatchHandler,
    options: SubscribeOptions = {},
  ): Promise<Subscription> {
    const subscription = new KafkaSubscription(this.kafka, { group, topics, handler, ...options });
    await subscription.start();
    this.subscriptions.add(subscription);
    return subscription;
  }

  readTopic(topic: string, key?: string): Promise<ReceivedMessage[]> {
    return this.withAdmin((admin) => readKafkaTopic(this.kafka, admin, topic, key));
  }

  async close(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscription) => subscription.stop()));
    await this.publisher.close();
  }

  private async withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.kafka.admin();
    try {
      await admin.connect();
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }
}

/** During an outage kafkajs reports every attempt as an error; what matters reaches us as a rejection. */
const quietly: NonNullable<KafkaConfig['logCreator']> = () => {
  const logger = new Logger('kafkajs');
  return ({ namespace, log }) => logger.debug(`${namespace}: ${log.message}`);
};

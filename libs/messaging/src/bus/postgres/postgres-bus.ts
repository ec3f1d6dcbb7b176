import { Logger } from '@nestjs/common';
import pg from 'pg';
import { type BatchHandler, type BusMessage, EventBus, type ReceivedMessage, type SubscribeOptions, type Subscription } from '../event-bus.js';
import { publishMessages } from './publish-messages.js';
import { PostgresSubscription } from './postgres-subscription.js';
import { createSchema } from './schema.js';
import { CHANNEL, WakeUps } from './wake-ups.js';

const PARTITIONS = 6;
const CONNECTIONS = 4;
const SWEEP_EVERY_MS = 60 * 60_000;
/** As Kafka's default. */
const RETENTION_DAYS = 7;

/** The event bus in a PostgreSQL database, for where there is no Kafka: same topics, groups, offsets and promises. */
export class PostgresBus extends EventBus {
  private readonly logger = new Logger(PostgresBus.name);
  private readonly pool: pg.Pool;
  private readonly wakeUps: WakeUps;
  private readonly subscriptions = new Set<PostgresSubscription>();
  private readonly partitions = new Map<string, number>();
  private readonly sweeping: NodeJS.Timeout;
  private schema?: Promise<void>;

  constructor(url: string) {
    super();
    this.pool = new pg.Pool({
      connectionString: url,
      application_name: 'event bus',
      max: CONNECTIONS,
      connectionTimeoutMillis: 5_000,
      pipeline: true,
    });
    this.pool.on('error', (error) => this.logger.debug(`an idle connection was lost: ${error.message}`));
    this.wakeUps = new WakeUps(url);
    this.sweeping = setInterval(() => void this.sweep(), SWEEP_EVERY_MS).unref();
  }

  async ensureTopics(topics: readonly string[]): Promise<void> {
    await this.ready();
    await this.pool.query(
      `INSERT INTO event_bus.partitions (topic, partition)
       SELECT wanted.topic, partition
       FROM unnest($1::text[]) AS wanted (topic), generate_series(0, $2::integer - 1) AS partition
       ON CONFLICT DO NOTHING`,
      [topics, PARTITIONS],
    );
  }

  async publish(topic: string, messages: readonly BusMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await this.ready();
    await publishMessages(this.pool, topic, await this.partitionsOf(topic), messages);
    // By itself, after the commit: transactions that NOTIFY commit only one after the other.
    await this.pool.query('SELECT pg_notify($1, $2)', [CHANNEL, topic]);
  }

  async subscribe(
    group: string,
    topics: readonly string[],
    handler: BatchHandler,
    options: SubscribeOptions = {},
  ): Promise<Subscription> {
    await this.ready();
    const subscription = new PostgresSubscription(this.pool, this.wakeUps, { group, topics, handler, ...options });
    await subscription.start();
    this.subscriptions.add(subscription);
    return subscription;
  }

  async readTopic(topic: string, key?: string): Promise<ReceivedMessage[]> {
    await this.ready();
    const { rows } = await this.pool.query<ReceivedMessage & { offset: string }>(
      `SELECT topic, partition, "offset", key, headers, value FROM event_bus.messages
       WHERE topic = $1 AND ($2::text IS NULL OR key = $2) ORDER BY partition, "offset"`,
      [topic, key ?? null],
    );
    return rows.map((row) => ({ ...row, offset: BigInt(row.offset) }));
  }

  async close(): Promise<void> {
    clearInterval(this.sweeping);
    await Promise.all([...this.subscriptions].map((subscription) => subscription.stop()));
    await this.wakeUps.close();
    await this.pool.end();
  }

  private ready(): Promise<void> {
    this.schema ??= createSchema(this.pool).catch((error: unknown) => {
      this.schema = undefined;
      throw error;
    });
    return this.schema;
  }

  private async partitionsOf(topic: string): Promise<number> {
    let count = this.partitions.get(topic);
    if (!count) {
      const { rowCount } = await this.pool.query('SELECT FROM event_bus.partitions WHERE topic = $1', [topic]);
      if (!rowCount) throw new Error(`the event bus has no topic ${topic}`);
      count = rowCount;
      this.partitions.set(topic, count);
    }
    return count;
  }

  private async sweep(): Promise<void> {
    try {
      await this.pool.query(
        `DELETE FROM event_bus.messages WHERE published_at < now() - $1::integer * interval '1 day'`,
        [RETENTION_DAYS],
      );
    } catch (error) {
      this.logger.warn(`old messages could not be deleted: ${String(error)}`);
    }
  }
}

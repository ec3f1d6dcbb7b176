import { Logger } from '@nestjs/common';
import type pg from 'pg';
import { MessageRejected } from '../bus/event-bus.js';
import type { MessagingMetrics } from '../metrics.js';
import { missed, type PlacedEvent } from './stored-events.js';

const MAX_ATTEMPTS = 10;
const CATCH_UP_BATCH = 100;

/**
 * Aggregates with an event that the bus refuses (too large, for one). They are held back alone, so that their order
 * stays and the others go on; the event is tried again with growing pauses and abandoned in the end. An abandoned event
 * stays in the event log and in `outbox_failures`; on the bus its sequence number is missing.
 */
export class HeldAggregates {
  private readonly logger = new Logger(HeldAggregates.name);

  constructor(
    private readonly lane: number,
    private readonly metrics: MessagingMetrics,
    private readonly publish: (event: PlacedEvent) => Promise<void>,
  ) {}

  /** Publishes one by one a batch that was refused as a whole, and holds back the aggregates it was refused for. */
  async isolate(client: pg.Client, events: readonly PlacedEvent[]): Promise<void> {
    const held = new Set<string>();
    for (const event of events) {
      if (held.has(event.aggregateId)) continue;
      const refusal = await this.attempt(event);
      if (!refusal) continue;
      held.add(event.aggregateId);
      await this.hold(client, event, 1, refusal);
    }
  }

  /** Tries again those whose pause is over. */
  async catchUp(client: pg.Client): Promise<void> {
    const { rows } = await client.query<{ aggregate_id: string; sequence: number; attempts: number }>({
      name: 'relay-held',
      text: `
        SELECT aggregate_id, sequence, attempts FROM outbox_failures
        WHERE lane = $1 AND abandoned_at IS NULL AND retry_at <= now()`,
      values: [this.lane],
    });
    for (const row of rows) await this.catchUpOne(client, row.aggregate_id, row.sequence, row.attempts);
  }

  private async catchUpOne(client: pg.Client, aggregateId: string, from: number, attempts: number): Promise<void> {
    for (let next = from; ; ) {
      const events = await missed(client, this.lane, aggregateId, next, CATCH_UP_BATCH);
      for (const event of events) {
        const refusal = await this.attempt(event);
        if (refusal) {
          const failed = event.sequence === from ? attempts + 1 : 1;
          await this.moveHold(client, from, event, failed, refusal);
          return;
        }
      }
      if (events.length < CATCH_UP_BATCH) break;
      next = events.at(-1)!.sequence + 1;
    }
    await this.letGo(client, aggregateId, from);
  }

  private async moveHold(
    client: pg.Client,
    from: number,
    event: PlacedEvent,
    attempts: number,
    refusal: MessageRejected,
  ): Promise<void> {
    await this.hold(client, event, attempts, refusal);
    // Only now: without either hold the events up to the lane's position would be taken for published.
    if (event.sequence !== from) await this.letGo(client, event.aggregateId, from);
    if (attempts >= MAX_ATTEMPTS) await this.abandon(client, event, refusal);
  }

  private async attempt(event: PlacedEvent): Promise<MessageRejected | undefined> {
    try {
      await this.publish(event);
      return undefined;
    } catch (error) {
      if (error instanceof MessageRejected) return error;
      throw error;
    }
  }

  private async hold(client: pg.Client, event: PlacedEvent, attempts: number, refusal: MessageRejected): Promise<void> {
    this.logger.warn(`${event.type} ${event.id} holds back ${event.aggregateId}, attempt ${attempts}: ${refusal.message}`);
    await client.query(
      `INSERT INTO outbox_failures (aggregate_id, sequence, lane, attempts, retry_at, error)
       VALUES ($1, $2, $3, $4::integer, now() + least(power(2, $4::integer), 300) * interval '1 second', $5)
       ON CONFLICT (aggregate_id, sequence) DO UPDATE
       SET attempts = excluded.attempts, retry_at = excluded.retry_at, error = excluded.error`,
      [event.aggregateId, event.sequence, this.lane, attempts, refusal.message],
    );
  }

  /** The event stays behind for good; the aggregate's next one takes its place as the one to be published. */
  private async abandon(client: pg.Client, event: PlacedEvent, refusal: MessageRejected): Promise<void> {
    await client.query(
      `WITH abandoned AS (
         UPDATE outbox_failures SET abandoned_at = now() WHERE aggregate_id = $1 AND sequence = $2
       )
       INSERT INTO outbox_failures (aggregate_id, sequence, lane, attempts, retry_at, error)
       VALUES ($1, $2 + 1, $3, 0, now(), 'follows an abandoned event')
       ON CONFLICT DO NOTHING`,
      [event.aggregateId, event.sequence, this.lane],
    );
    this.metrics.abandoned.inc();
    this.logger.error(`${event.type} ${event.id} of ${event.aggregateId} was abandoned: ${refusal.message}`);
  }

  private async letGo(client: pg.Client, aggregateId: string, sequence: number): Promise<void> {
    await client.query('DELETE FROM outbox_failures WHERE aggregate_id = $1 AND sequence = $2', [aggregateId, sequence]);
  }
}

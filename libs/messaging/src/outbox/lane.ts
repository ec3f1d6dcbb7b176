import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { toMessage } from '../cloud-event.js';
import { type EventBus, MessageRejected } from '../bus/event-bus.js';
import { topicOf } from '../event.js';
import type { MessagingMetrics } from '../metrics.js';
import type { Outage } from '../outage.js';
import { Signal } from '../signal.js';
import { HeldAggregates } from './held-aggregates.js';
import type { RelayConnection } from './relay-connection.js';
import { type PlacedEvent, unpublished } from './stored-events.js';

const BATCH = 500;
const POLL_MS = 1_000;
const HOLD_MS = 5_000;
const GIVE_WAY_MS = 50;
const BACK_OFF_MS = { first: 200, longest: 5_000 };
/** Any number that nobody else uses: advisory locks are told apart by it. */
const LOCK_SPACE = 0x6f7574;

/**
 * Publishes a quarter of the aggregates, in order. Of all replicas one holds the lane, by a lock of its session: if it
 * dies, the lock is free at once, and the next holder publishes again what was not marked. Consumers skip that by their
 * inbox, and since both sent the same sequence from the same place, the first copy of each event arrives in order.
 */
export class Lane {
  private readonly awake = new Signal();
  private readonly held: HeldAggregates;
  private holder?: { readonly client: pg.Client; readonly since: number };
  private lastCatchUp = 0;

  constructor(
    private readonly lane: number,
    private readonly service: string,
    private readonly connection: RelayConnection,
    private readonly bus: EventBus,
    private readonly metrics: MessagingMetrics,
    private readonly outage: Outage,
  ) {
    this.held = new HeldAggregates(lane, metrics, (event) => this.publish([event]));
  }

  wake(): void {
    this.awake.raise();
  }

  /** Another replica has new events; they are ours to publish only where we hold the lane. */
  wakeHolder(): void {
    if (this.holder) this.awake.raise();
  }

  async run(stopping: AbortSignal): Promise<void> {
    let backOffMs = BACK_OFF_MS.first;
    while (!stopping.aborted) {
      try {
        await this.drain(stopping);
        backOffMs = BACK_OFF_MS.first;
        // Letting go and looking again: what another replica placed while we held the lane is not overlooked.
        if (!(await this.awake.wait(POLL_MS))) await this.release();
      } catch (error) {
        this.outage.failed(error);
        await this.release().catch(() => undefined); // perhaps another replica still reaches the bus
        await delay(backOffMs, undefined, { signal: stopping }).catch(() => undefined);
        backOffMs = Math.min(backOffMs * 2, BACK_OFF_MS.longest);
      }
    }
    await this.drain(AbortSignal.timeout(POLL_MS)).catch((error: unknown) => this.outage.failed(error));
    await this.release().catch(() => undefined); // the session ends anyway
  }

  private async drain(stopping: AbortSignal): Promise<void> {
    const client = await this.connection.client();
    while (await this.holds(client)) {
      if (performance.now() - this.lastCatchUp > POLL_MS) {
        this.lastCatchUp = performance.now();
        await this.held.catchUp(client);
      }
      const events = await unpublished(client, this.lane, BATCH);
      if (events.length > 0) await this.publishInOrder(client, events);
      if (events.length < BATCH || stopping.aborted) return;
      await this.giveWay();
    }
  }

  private async publishInOrder(client: pg.Client, events: readonly PlacedEvent[]): Promise<void> {
    const free = events.filter((event) => !event.held);
    try {
      if (free.length > 0) await this.publish(free);
    } catch (error) {
      if (!(error instanceof MessageRejected)) throw error;
      await this.held.isolate(client, free);
    }
    await client.query({
      name: 'relay-published',
      text: 'UPDATE outbox_lanes SET position = greatest(position, $2) WHERE lane = $1',
      values: [this.lane, events.at(-1)!.position],
    });
  }

  private async publish(events: readonly PlacedEvent[]): Promise<void> {
    try {
      await this.bus.publish(
        topicOf(this.service),
        events.map((event) => toMessage(this.service, event)),
      );
    } catch (error) {
      const reason = error instanceof MessageRejected ? 'rejected' : 'unavailable';
      this.metrics.publishFailures.inc({ reason });
      throw error;
    }
    this.outage.over();
    this.metrics.published.inc(events.length);
  }

  private async holds(client: pg.Client): Promise<boolean> {
    if (this.holder?.client === client) return true;
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS locked', [
      LOCK_SPACE,
      this.lane,
    ]);
    this.holder = rows[0]!.locked ? { client, since: performance.now() } : undefined;
    return rows[0]!.locked;
  }

  private async release(): Promise<void> {
    const client = this.holder?.client;
    this.holder = undefined;
    await client?.query('SELECT pg_advisory_unlock($1, $2)', [LOCK_SPACE, this.lane]);
  }

  /** A lane under steady load would never change hands, and one replica would do the work of all. */
  private async giveWay(): Promise<void> {
    if (!this.holder || performance.now() - this.holder.since < HOLD_MS) return;
    await this.release();
    await delay(GIVE_WAY_MS);
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { newId } from '#kernel/ids.js';
import type { EventBus } from '../bus/event-bus.js';
import type { MessagingMetrics } from '../metrics.js';
import { Outage } from '../outage.js';
import { Signal } from '../signal.js';
import { Lane } from './lane.js';
import { LANES } from './lanes.js';
import { announcePlaced, PLACE_LIMIT, placeEvents } from './place-events.js';
import { RelayConnection } from './relay-connection.js';
import { onAppended } from './wake-up.js';

const POLL_MS = 1_000;
/** Between two rounds under load: latency against the number of small batches. */
const LINGER_MS = 10;
const COUNT_EVERY_MS = 5_000;
const COUNT_LIMIT = 100_000;

export interface RelayOptions {
  readonly service: string;
  /** The service's own database. */
  readonly databaseUrl: string;
  readonly bus: EventBus;
  readonly metrics: MessagingMetrics;
}

/**
 * Takes events from the outbox to the bus. First it gives them their position in the event log, which goes on while the
 * bus is away, then its lanes publish them. Any number of replicas may run; each is woken by the commits of its own
 * process, by the other replicas over NOTIFY, and once a second in any case.
 */
export class Relay {
  private readonly id = newId();
  private readonly logger = new Logger(Relay.name);
  private readonly awake = new Signal();
  private readonly stopping = new AbortController();
  private readonly watchers = new Set<() => void>();
  private readonly outage = new Outage(this.logger, 'the relay cannot read the outbox');
  private readonly connection: RelayConnection;
  private readonly lanes: readonly Lane[];
  private running?: Promise<unknown>;
  private stopListening?: () => void;
  private countedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: RelayOptions) {
    const { service, databaseUrl, bus, metrics } = options;
    this.connection = new RelayConnection(databaseUrl, `${service} relay`, (by) => this.placedBy(by));
    const outage = new Outage(this.logger, 'the event bus is away, events wait in the outbox');
    this.lanes = Array.from({ length: LANES }, (_, lane) => new Lane(lane, service, this.connection, bus, metrics, outage));
  }

  start(): void {
    this.stopListening = onAppended(() => this.awake.raise());
    this.running = this.run();
  }

  /** Publishes what is committed, as far as the bus takes it, and ends. */
  async stop(): Promise<void> {
    this.stopListening?.();
    this.stopping.abort();
    this.awake.raise();
    await this.running;
    await this.connection.close();
  }

  /** Calls when there are new positions in the event log, whichever replica placed them. Answers how to stop. */
  onPlaced(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  private async run(): Promise<void> {
    const lanesStopping = new AbortController();
    const lanes = this.lanes.map((lane) => lane.run(lanesStopping.signal));
    while (!this.stopping.signal.aborted) {
      await this.round();
      await delay(LINGER_MS);
      await this.awake.wait(POLL_MS);
    }
    await this.round();
    lanesStopping.abort();
    for (const lane of this.lanes) lane.wake();
    await Promise.all(lanes);
  }

  private async round(): Promise<void> {
    try {
      const client = await this.connection.client();
      const placed = await placeEvents(client);
      if (placed.size > 0) {
        for (const lane of placed.keys()) this.lanes[lane]!.wake();
        for (const watcher of this.watchers) watcher();
        await announcePlaced(client, this.id);
      }
      if ([...placed.values()].reduce((sum, events) => sum + events, 0) === PLACE_LIMIT) this.awake.raise();
      await this.count();
      this.outage.over();
    } catch (error) {
      this.outage.failed(error);
    }
  }

  private async count(): Promise<void> {
    if (performance.now() - this.countedAt < COUNT_EVERY_MS) return;
    this.countedAt = performance.now();
    const client = await this.connection.client();
    const { rows } = await client.query<{ pending: number }>(
      `SELECT count(*)::integer AS pending FROM (
         SELECT FROM outbox WHERE position IS NULL
         UNION ALL
         SELECT FROM outbox JOIN outbox_lanes USING (lane) WHERE outbox.position > outbox_lanes.position
         LIMIT ${COUNT_LIMIT}
       ) AS waiting`,
    );
    this.options.metrics.pending.set(rows[0]!.pending);
  }

  private placedBy(relayId: string): void {
    if (relayId === this.id) return;
    for (const lane of this.lanes) lane.wakeHolder();
    for (const watcher of this.watchers) watcher();
  }
}

import { Counter, Gauge, type Registry } from 'prom-client';

/** What one process does with events. */
export class MessagingMetrics {
  readonly pending: Gauge;
  readonly published: Counter;
  readonly publishFailures: Counter<'reason'>;
  readonly abandoned: Counter;
  readonly consumed: Counter<'topic' | 'outcome'>;
  readonly consumerFailures: Counter<'topic'>;
  readonly lag: Gauge<'topic' | 'partition'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.pending = new Gauge({
      name: 'priolane_outbox_pending',
      help: 'Events committed and not yet published; counted up to 100,000',
      registers,
    });
    this.published = new Counter({
      name: 'priolane_outbox_published_total',
      help: 'Events published by this process',
      registers,
    });
    this.publishFailures = new Counter({
      name: 'priolane_outbox_publish_failures_total',
      help: 'Batches that the event bus did not take: it is unavailable, or a message is rejected',
      labelNames: ['reason'],
      registers,
    });
    this.abandoned = new Counter({
      name: 'priolane_outbox_abandoned_total',
      help: 'Events given up after the event bus rejected them too often',
      registers,
    });
    this.consumed = new Counter({
      name: 'priolane_consumer_events_total',
      help: 'Events by outcome: handled, duplicate, unknown (nobody handles the type), dead_lettered, replayed',
      labelNames: ['topic', 'outcome'],
      registers,
    });
    this.consumerFailures = new Counter({
      name: 'priolane_consumer_failures_total',
      help: 'Attempts to handle an event that failed',
      labelNames: ['topic'],
      registers,
    });
    this.lag = new Gauge({
      name: 'priolane_consumer_lag',
      help: 'Messages of the partition behind the last handled batch',
      labelNames: ['topic', 'partition'],
      registers,
    });
  }
}

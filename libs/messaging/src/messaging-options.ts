import type { BusOptions } from './bus/open-bus.js';
import type { EventHandlerClass } from './inbox/event-handler.js';
import type { RetryPolicy } from './inbox/inbox.js';

export interface MessagingOptions {
  /** `tickets`: names the topic, the consumer group and the source of the events. */
  readonly service: string;
  readonly bus: BusOptions;
  /** Handlers of the events of other services: providers of any module of the application. */
  readonly consumes: readonly EventHandlerClass[];
  /** Events of different aggregates handled at once; each takes a connection of the pool. Default 4. */
  readonly concurrency?: number;
  /** How long the event log and the inbox remember; longer than the bus keeps its messages. Default 30. */
  readonly retentionDays?: number;
  readonly retry?: RetryPolicy;
  readonly leaseMs?: number;
}

import type { EventBus } from './event-bus.js';
import { KafkaBus } from './kafka/kafka-bus.js';
import { PostgresBus } from './postgres/postgres-bus.js';

export type BusOptions =
  | { readonly kind: 'kafka'; readonly brokers: readonly string[] }
  | { readonly kind: 'postgres'; readonly url: string };

export function openBus(clientId: string, options: BusOptions): EventBus {
  return options.kind === 'kafka' ? new KafkaBus(clientId, options.brokers) : new PostgresBus(options.url);
}

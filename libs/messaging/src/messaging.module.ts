import { type DynamicModule, Module } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { MetricsRegistry } from '#platform/health/metrics.js';
import { Transactions } from '#platform/database/transactions.js';
import { EventBus } from './bus/event-bus.js';
import { openBus } from './bus/open-bus.js';
import { Messaging } from './messaging.js';
import type { MessagingOptions } from './messaging-options.js';
import { MessagingMetrics } from './metrics.js';
import { EventLog } from './outbox/event-log.js';
import { Relay } from './outbox/relay.js';

/**
 * Outbox, relay, inbox and bus of one service. Needs `DatabaseModule` with `messagingEntities` and
 * `MessagingTables1760000001000` and a `MetricsRegistry`. Exports `EventBus`, `EventLog` and `Messaging`.
 */
@Module({})
export class MessagingModule {
  static forRoot(options: MessagingOptions): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      providers: [
        { provide: MessagingMetrics, inject: [MetricsRegistry], useFactory: (registry: MetricsRegistry) => new MessagingMetrics(registry) },
        { provide: EventBus, useFactory: () => openBus(options.service, options.bus) },
        {
          provide: Relay,
          inject: [EventBus, getDataSourceToken(), MessagingMetrics],
          useFactory: (bus: EventBus, dataSource: DataSource, metrics: MessagingMetrics) =>
            new Relay({ service: options.service, databaseUrl: urlOf(dataSource), bus, metrics }),
        },
        {
          provide: Messaging,
          inject: [EventBus, Relay, Transactions, getDataSourceToken(), MessagingMetrics, ModuleRef],
          useFactory: (
            bus: EventBus,
            relay: Relay,
            transactions: Transactions,
            dataSource: DataSource,
            metrics: MessagingMetrics,
            modules: ModuleRef,
          ) => new Messaging(options, { bus, relay, transactions, dataSource, metrics, modules }),
        },
        EventLog,
      ],
      exports: [EventBus, EventLog, Messaging],
    };
  }
}

function urlOf(dataSource: DataSource): string {
  const { options } = dataSource;
  if (options.type !== 'postgres' || !options.url) throw new TypeError('messaging needs a PostgreSQL data source with a URL');
  return options.url;
}

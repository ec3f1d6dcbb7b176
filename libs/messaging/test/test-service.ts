import { Global, type INestApplicationContext, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { Clock, SystemClock } from '#kernel/clock.js';
import { DatabaseModule, migrate } from '#platform/database/database.module.js';
import type { Transaction } from '#platform/database/transaction.js';
import { MetricsRegistry } from '#platform/health/metrics.js';
import { createTestDatabase } from '#testing/infrastructure/test-database.js';
import type { BusOptions } from '../src/bus/open-bus.js';
import { type DomainEvent, topicOf } from '../src/event.js';
import type { EventHandler } from '../src/inbox/event-handler.js';
import { messagingEntities } from '../src/messaging-entities.js';
import { MessagingModule } from '../src/messaging.module.js';
import { MessagingTables1760000001000 } from '../src/messaging-tables.migration.js';
import { TestTables1760000009000 } from './test-tables.migration.js';

export const LEASE_MS = 6_000;

/** The effect of an event is a row; how often it took effect is how many rows there are. */
@Injectable()
export class RecordEffect implements EventHandler {
  readonly topic = topicOf('tickets');
  readonly type = ['ticket.opened', 'ticket.changed'];
  /** What a test wants to happen after the effect and before the mark is committed. */
  interfere: (event: DomainEvent, tx: Transaction) => Promise<void> = async () => undefined;

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    await tx.query(
      'INSERT INTO effects (event_id, aggregate_id, sequence, process) VALUES ($1, $2, $3, $4) RETURNING event_id',
      [event.id, event.aggregateId, event.sequence, process.pid],
    );
    await this.interfere(event, tx);
  }
}

@Global()
@Module({
  providers: [
    { provide: Clock, useClass: SystemClock },
    { provide: MetricsRegistry, useFactory: () => new MetricsRegistry() },
  ],
  exports: [Clock, MetricsRegistry],
})
class Surroundings {}

export interface TestServiceOptions {
  readonly service: string;
  readonly databaseUrl: string;
  readonly bus: BusOptions;
  readonly consumes: boolean;
}

/** One process's worth of a service, as the services wire it themselves. */
export async function startService(options: TestServiceOptions): Promise<INestApplicationContext> {
  @Module({
    imports: [
      Surroundings,
      DatabaseModule.forRoot({
        url: options.databaseUrl,
        poolSize: 10,
        applicationName: options.service,
        entities: messagingEntities,
        migrations: [MessagingTables1760000001000, TestTables1760000009000],
      }),
      MessagingModule.forRoot({
        service: options.service,
        bus: options.bus,
        consumes: options.consumes ? [RecordEffect] : [],
        retry: { attempts: 3, firstPauseMs: 20 },
        leaseMs: LEASE_MS,
      }),
    ],
    providers: [RecordEffect],
  })
  class TestService {}

  return NestFactory.createApplicationContext(TestService, { logger: ['fatal'], abortOnError: false });
}

/** A database with the tables of messaging and of these tests. */
export async function createServiceDatabase(service: string): Promise<string> {
  const { url } = await createTestDatabase(`messaging_${service}`, { migrate: migrateDatabase });
  return url;
}

async function migrateDatabase(url: string): Promise<void> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    migrations: [MessagingTables1760000001000, TestTables1760000009000],
  });
  await dataSource.initialize();
  try {
    await migrate(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

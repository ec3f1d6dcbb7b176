import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { Pool } from 'pg';
import { Column, type DataSource, Entity, PrimaryColumn } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { ClockModule } from '#platform/clock/clock.module.js';
import { DatabaseModule } from '#platform/database/database.module.js';
import { Transactions } from '#platform/database/transactions.js';
import { MutableClock } from '#testing/clock.js';
import { createTestDatabase } from '#testing/infrastructure/test-database.js';
import { TestRowTables1760000099000 } from './rows.migration.js';

@Entity('parcel')
export class Parcel {
  @PrimaryColumn('text')
  id!: string;

  @Column('integer')
  weight!: number;
}

@Entity('scan')
export class Scan {
  @PrimaryColumn('text', { name: 'parcel_id' })
  parcelId!: string;

  @Column('text')
  place!: string;
}

export interface DatabaseUnderTest {
  readonly transactions: Transactions;
  readonly clock: MutableClock;
  /** What went over the wire through the pool, in order, since the last `watch()`. */
  watch(): string[];
  rows<R extends object>(sql: string, values?: unknown[]): Promise<R[]>;
  /** Connections of the pool that are there, and how many of them idle. */
  pool(): { readonly total: number; readonly idle: number };
  stop(): Promise<void>;
}

@Module({})
class Root {}

/** The database module as services have it, with two tables to write to. */
export async function startDatabase(poolSize = 10): Promise<DatabaseUnderTest> {
  const database = await createTestDatabase('transactions');
  const clock = new MutableClock();
  const options = { url: database.url, applicationName: 'rows', entities: [Parcel, Scan], migrations: [TestRowTables1760000099000] };
  const imports = [ClockModule.forRoot(clock), DatabaseModule.forRoot({ ...options, poolSize })];
  const app: INestApplicationContext = await NestFactory.createApplicationContext({ module: Root, imports }, { logger: false });
  const dataSource = app.get<DataSource>(getDataSourceToken());
  await dataSource.runMigrations();
  const pool = (dataSource.driver as PostgresDriver).master as Pool;
  const seen: string[] = [];
  listen(pool, seen);
  return {
    transactions: app.get(Transactions),
    clock,
    watch() {
      seen.length = 0;
      return seen;
    },
    rows: <R extends object>(sql: string, values: unknown[] = []) => dataSource.query<R[]>(sql, values),
    pool: () => ({ total: pool.totalCount, idle: pool.idleCount }),
    async stop() {
      await app.close();
      await database.drop();
    },
  };
}

/** Notes the text of each statement that anybody sends through the pool. */
function listen(pool: Pool, seen: string[]): void {
  const known = new WeakSet<object>();
  pool.on('acquire', (client) => {
    if (known.has(client)) return;
    known.add(client);
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: unknown[]) => {
      const [first] = args;
      seen.push(typeof first === 'string' ? first : (first as { text: string }).text);
      return query(...args);
    }) as typeof client.query;
  });
}

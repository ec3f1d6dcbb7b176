import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource, MigrationInterface, ObjectLiteral } from 'typeorm';
import { AuditRecord } from './audit.entity.js';
import { IdempotencyRecord } from './idempotency.entity.js';
import { IdempotencySweeper } from './idempotency-sweeper.js';
import { PlatformTables1760000000000 } from './platform-tables.migration.js';
import { Transactions } from './transactions.js';

type EntityClass = new () => ObjectLiteral;
type MigrationClass = new () => MigrationInterface;

export interface DatabaseOptions {
  readonly url: string;
  /** Connections of this process at most. */
  readonly poolSize: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Listed one by one, never found by a pattern. */
  readonly entities: readonly EntityClass[];
  readonly migrations: readonly MigrationClass[];
}

/** One PostgreSQL database: the connection pool, `Transactions`, and the tables that every service has. */
@Module({})
export class DatabaseModule {
  static forRoot(options: DatabaseOptions): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        TypeOrmModule.forRoot({
          type: 'postgres',
          url: options.url,
          applicationName: options.applicationName,
          poolSize: options.poolSize,
          entities: [IdempotencyRecord, AuditRecord, ...options.entities],
          migrations: [PlatformTables1760000000000, ...options.migrations],
          migrationsTransactionMode: 'each',
          logging: false,
          extra: { pipeline: true, connectionTimeoutMillis: 5_000 },
        }),
      ],
      providers: [Transactions, IdempotencySweeper],
      exports: [Transactions],
    };
  }
}

/** Applies the missing migrations, under a lock, so that several replicas may start at once. */
export async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query(`SELECT pg_advisory_lock(hashtext('priolane.migrations'))`);
    await dataSource.runMigrations();
  } finally {
    await runner.query(`SELECT pg_advisory_unlock(hashtext('priolane.migrations'))`).catch(() => undefined);
    await runner.release();
  }
}

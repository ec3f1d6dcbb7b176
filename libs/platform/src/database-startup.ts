import { Injectable, Optional } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { migrate } from './database/database.module.js';
import { Readiness } from './health/readiness.js';

/** Migrates where asked to, and lets readiness follow the database. A service without a database passes. */
@Injectable()
export class DatabaseStartup {
  constructor(
    private readonly readiness: Readiness,
    @Optional() @InjectDataSource() private readonly dataSource?: DataSource,
  ) {}

  async run({ migrateNow }: { migrateNow: boolean }): Promise<void> {
    const { dataSource, readiness } = this;
    if (!dataSource) return;
    if (migrateNow) await migrate(dataSource);

    readiness.add('database', async () => {
      await dataSource.query('SELECT 1');
    });
    let migrated = false;
    readiness.add('migrations', async () => {
      migrated ||= !(await dataSource.showMigrations());
      if (!migrated) throw new Error('there are migrations that have not been applied');
    });
  }
}

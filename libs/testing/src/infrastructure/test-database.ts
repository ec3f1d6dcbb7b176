import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { withClient, withDatabase } from './databases.js';
import { oncePerRun, testPostgres } from './test-servers.js';

export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** Throws out whoever is still connected. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Brings an empty database to the schema wanted. Called once a run for each name; further databases are copies of its result. */
  readonly migrate?: (url: string) => Promise<void>;
}

/** object_in_use: the template has a visitor, such as autovacuum or a copy that another worker makes. */
const IN_USE = '55006';

/** A database of the caller's own, on the run's PostgreSQL. `name` says whose it is: `tickets`. */
export async function createTestDatabase(name: string, options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { serverUrl } = await testPostgres();
  const template = options.migrate === undefined ? 'template1' : await migratedTemplate(serverUrl, name, options.migrate);
  const database = databaseName(`${name}_${randomBytes(5).toString('hex')}`);
  await copy(serverUrl, template, database);
  return { name: database, url: withDatabase(serverUrl, database), drop: () => drop(serverUrl, database) };
}

async function migratedTemplate(serverUrl: string, name: string, migrate: (url: string) => Promise<void>): Promise<string> {
  const { template } = await oncePerRun(`template-${name}`, async () => {
    const database = databaseName(`${name}_template`);
    await copy(serverUrl, 'template1', database);
    try {
      await migrate(withDatabase(serverUrl, database));
    } catch (error) {
      await drop(serverUrl, database);
      throw error;
    }
    return { template: database };
  });
  return template;
}

/** Starts with what the teardown looks for on a server that was given and stays. */
function databaseName(rest: string): string {
  return `test_${process.env.PRIOLANE_TEST_OWNER}_${rest}`;
}

async function copy(serverUrl: string, template: string, database: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await withClient(serverUrl, (client) =>
        client.query(`CREATE DATABASE ${client.escapeIdentifier(database)} TEMPLATE ${client.escapeIdentifier(template)}`),
      );
      return;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== IN_USE || attempt === 20) throw error;
    }
  }
}

async function drop(serverUrl: string, database: string): Promise<void> {
  await withClient(serverUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(database)} WITH (FORCE)`));
}

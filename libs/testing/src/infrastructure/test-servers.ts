import { join } from 'node:path';
import { withLock } from './file-lock.js';
import { readJsonFile, writeJsonFile } from './json-file.js';
import { startKafka } from './kafka.js';
import { startMailbox } from './mailbox.js';
import { startPostgres } from './postgres.js';
import { startKeeper, type Place } from './processes.js';

/** Starting may include fetching Kafka or pulling an image. */
const START_LIMIT_MS = 360_000;

export interface SharedPostgres {
  readonly kind: 'given' | 'docker' | 'embedded';
  readonly why: string;
  readonly serverUrl: string;
}

export type SharedKafka =
  | { readonly kind: 'kafka'; readonly brokers: readonly string[]; readonly why: string }
  | { readonly kind: 'postgres'; readonly why: string };

export interface SharedMailbox {
  readonly smtpUrl: string;
  readonly webUrl: string | undefined;
}

/**
 * What the whole test run shares: made by the first test that asks, in whichever worker, and known to the others by a file.
 * A run of pure rules starts nothing. The keeper, or the run's teardown, ends it all.
 */
export async function oncePerRun<T>(name: string, make: (place: Place) => Promise<T>): Promise<T> {
  const place = testRun();
  const file = join(place.folder, `${name}.json`);
  const known = readJsonFile<T>(file);
  if (known !== undefined) return known;
  return withLock(`${file}.lock`, START_LIMIT_MS, async () => {
    const made = readJsonFile<T>(file) ?? (await make(place));
    writeJsonFile(file, made);
    return made;
  });
}

/** PostgreSQL 18 without fsync; `createTestDatabase` is the usual way in. */
export function testPostgres(): Promise<SharedPostgres> {
  return server('postgres', async (place) => {
    const { kind, why, serverUrl } = await startPostgres({ ...throwAway(place), databases: [] });
    return { kind, why, serverUrl: serverUrl as string };
  });
}

/** A real broker wherever one can be had; tests use topics of their own. */
export function testKafka(): Promise<SharedKafka> {
  return server('kafka', async (place) => {
    const bus = await startKafka(throwAway(place));
    return bus.kind === 'kafka' ? { kind: bus.kind, brokers: bus.brokers, why: bus.why } : { kind: bus.kind, why: bus.why };
  });
}

/** Tests look for mail to addresses of their own. */
export function testMailbox(): Promise<SharedMailbox> {
  return server('mailbox', async (place) => {
    const { smtpUrl, webUrl } = await startMailbox(throwAway(place));
    return { smtpUrl, webUrl };
  });
}

function server<T>(name: string, start: (place: Place) => Promise<T>): Promise<T> {
  return oncePerRun(name, async (place) => {
    await oncePerRun('keeper', async () => ({ pid: startKeeper(place, { owner: owner(), removePlace: true }).pid }));
    return start(place);
  });
}

/** A server that dies takes the run with it: one that came back would hide why. */
function throwAway(place: Place) {
  return { place, durable: false, preferDocker: true, restart: false, watcher: { report } };
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Set by libs/testing/src/jest/global-setup.mjs. */
function testRun(): Place {
  const folder = process.env.PRIOLANE_TEST_RUN;
  if (folder === undefined) throw new Error('PRIOLANE_TEST_RUN is not set: jest.config.js lacks the globalSetup of libs/testing.');
  return { folder };
}

function owner(): number {
  return Number(process.env.PRIOLANE_TEST_OWNER);
}

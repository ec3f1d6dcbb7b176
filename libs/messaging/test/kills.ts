import type { ChildProcess } from 'node:child_process';
import type { INestApplicationContext } from '@nestjs/common';
import { Transactions } from '#platform/database/transactions.js';
import { withClient } from '#testing/infrastructure/databases.js';
import { killProcess, startProcess } from '#testing/source-process.js';
import { EventBus } from '../src/bus/event-bus.js';
import { topicOf } from '../src/event.js';
import type { BusUnderTest } from './bus-under-test.js';
import { effectsOf, eventually, isGapFree, publishedOf } from './observations.js';
import type { ProcessOptions } from './service-process.js';
import { createAggregates, writeConcurrently } from './writers.js';

interface Setting {
  readonly ticketsUrl: string;
  readonly slaUrl: string;
  readonly start: (service: 'tickets' | 'sla') => Promise<INestApplicationContext>;
}

const TOPIC = topicOf('tickets');

const startAlone = (options: ProcessOptions): Promise<ChildProcess> =>
  startProcess(new URL('service-process.ts', import.meta.url), options);

/** Real processes that die in the middle of their work, without a word. */
export function describeKills(bus: BusUnderTest, setting: () => Setting): void {
  let child: ChildProcess | undefined;

  afterEach(() => {
    child?.kill('SIGKILL');
    child = undefined;
  });

  it('hands the partitions of a killed consumer to another; each event takes effect once', async () => {
    const { ticketsUrl, slaUrl, start } = setting();
    child = await startAlone({ service: 'sla', databaseUrl: slaUrl, bus: bus.options(), consumes: true });
    const tickets = await start('tickets');
    const transactions = tickets.get(Transactions);
    const aggregates = await createAggregates(transactions, 20);
    const writing = writeConcurrently(transactions, aggregates, 10, 100);
    await eventually(async () => expect((await effectsOf(slaUrl, aggregates)).length).toBeGreaterThan(100));
    await killProcess(child);
    await writing;
    const handledByTheKilled = (await effectsOf(slaUrl, aggregates)).length;
    expect(handledByTheKilled).toBeLessThan(1_000);

    await start('sla');
    await eventually(async () => expect(await effectsOf(slaUrl, aggregates)).toHaveLength(1_000));
    const effects = await effectsOf(slaUrl, aggregates);
    expect(new Set(effects.map((effect) => effect.process)).size).toBe(2);
    for (const aggregate of aggregates) {
      expect(isGapFree(effects.filter((effect) => effect.aggregateId === aggregate))).toBe(true);
    }
    expect(await countOf(ticketsUrl, 'SELECT FROM outbox')).toBe(1_000);
  });

  it('publishes what a killed relay left behind, and all of it in order', async () => {
    const { ticketsUrl, start } = setting();
    const writes = { aggregates: 20, writers: 10, each: 1_000 };
    child = await startAlone({ service: 'tickets', databaseUrl: ticketsUrl, bus: bus.options(), consumes: false, writes });
    await eventually(async () => expect(await countOf(ticketsUrl, 'SELECT FROM outbox')).toBeGreaterThan(500));
    await killProcess(child);
    const committed = await countOf(ticketsUrl, 'SELECT FROM outbox');

    const tickets = await start('tickets');
    const aggregates = await aggregatesOf(ticketsUrl);
    await eventually(async () => {
      const published = await publishedOf(tickets.get(EventBus), TOPIC, aggregates);
      expect([...published.values()].flat()).toHaveLength(committed);
    });
    const published = await publishedOf(tickets.get(EventBus), TOPIC, aggregates);
    for (const events of published.values()) expect(isGapFree(events)).toBe(true);
  });
}

function countOf(databaseUrl: string, rows: string): Promise<number> {
  return withClient(databaseUrl, async (client) => (await client.query(rows)).rowCount ?? 0);
}

function aggregatesOf(databaseUrl: string): Promise<string[]> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ id: string }>('SELECT id FROM aggregates WHERE sequence > 0');
    return rows.map((row) => row.id);
  });
}

import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { newId } from '#kernel/ids.js';
import { Transactions } from '#platform/database/transactions.js';
import { createTestDatabase } from '#testing/infrastructure/test-database.js';
import { appendEvent } from '../src/outbox/append-event.js';
import { EventLog, type LoggedEvent } from '../src/outbox/event-log.js';
import { Sweeper } from '../src/sweeper.js';
import { eventually } from './observations.js';
import { createServiceDatabase, startService } from './test-service.js';
import { changeAggregate, createAggregates, DESK, writeConcurrently } from './writers.js';

describe('the event log', () => {
  let tickets: INestApplicationContext;
  let transactions: Transactions;
  let log: EventLog;
  const ending = new AbortController();

  beforeAll(async () => {
    const [databaseUrl, bus] = await Promise.all([createServiceDatabase('tickets'), createTestDatabase('event_bus')]);
    tickets = await startService({ service: 'tickets', databaseUrl, bus: { kind: 'postgres', url: bus.url }, consumes: false });
    transactions = tickets.get(Transactions);
    log = tickets.get(EventLog);
  });

  afterAll(async () => {
    ending.abort();
    await tickets.close();
  });

  const positionNow = async (deskId = DESK): Promise<bigint> => (await log.read(0n, deskId, 10_000)).at(-1)?.position ?? 0n;

  const take = async (after: bigint, count: number, deskId = DESK): Promise<LoggedEvent[]> => {
    const taken: LoggedEvent[] = [];
    for await (const logged of log.watch(after, deskId, ending.signal)) {
      taken.push(logged);
      if (taken.length === count) break;
    }
    return taken;
  };

  it('shows an event that commits late after those that committed before it, to whoever resumes', async () => {
    const [early, late] = await createAggregates(transactions, 2);
    const before = await positionNow();
    const steps = new EventEmitter();
    const appended = once(steps, 'appended');
    const mayCommit = once(steps, 'may commit');
    const lateCommit = transactions.run(async (tx) => {
      appendEvent(tx, { type: 'ticket.opened', aggregateId: late!, sequence: 1, deskId: DESK, occurredAt: new Date(), data: {} });
      await tx.query('SELECT 1'); // sends the insert, so that its row is older than the other's
      steps.emit('appended');
      await mayCommit;
    });
    await appended;
    await changeAggregate(transactions, early!);
    const [first] = await take(before, 1);
    expect(first!.event.aggregateId).toBe(early);

    steps.emit('may commit');
    await lateCommit;
    const [second] = await take(first!.position, 1);
    expect(second!.event.aggregateId).toBe(late);
    expect(second!.position).toBeGreaterThan(first!.position);
  });

  it('misses nothing and repeats nothing under load, however often the watcher resumes', async () => {
    const before = await positionNow();
    const aggregates = await createAggregates(transactions, 8);
    const writing = writeConcurrently(transactions, aggregates, 20, 10);
    const seen: LoggedEvent[] = [];
    while (seen.length < 200) seen.push(...(await take(seen.at(-1)?.position ?? before, Math.min(7, 200 - seen.length))));
    await writing;
    expect(new Set(seen.map(({ event }) => event.id)).size).toBe(200);
    for (const aggregate of aggregates) {
      const sequences = seen.filter(({ event }) => event.aggregateId === aggregate).map(({ event }) => event.sequence);
      expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    }
  });

  it('wakes a watcher without waiting for its poll', async () => {
    const took: number[] = [];
    // By its poll it would hear 800 ms later each time; of five wake-ups a busy machine lets one through in time.
    for (let round = 0; round < 5; round += 1) {
      const aggregateId = newId();
      const waiting = take(await positionNow(), 1);
      await delay(200);
      const started = performance.now();
      await transactions.run(async (tx) => {
        appendEvent(tx, { type: 'ticket.opened', aggregateId, sequence: 1, deskId: DESK, occurredAt: new Date(), data: { a: 1 } });
      });
      const [logged] = await waiting;
      took.push(performance.now() - started);
      expect(logged!.event).toMatchObject({ aggregateId, type: 'ticket.opened', sequence: 1, data: { a: 1 } });
    }
    expect(Math.min(...took)).toBeLessThan(700);
  });

  it('shows a desk only its own events', async () => {
    const [aggregate] = await createAggregates(transactions, 1);
    const id = await changeAggregate(transactions, aggregate!, { deskId: 'borealis' });
    const [logged] = await take(0n, 1, 'borealis');
    expect(logged!.event.id).toBe(id);
    expect((await log.read(0n, DESK, 10_000)).every(({ event }) => event.deskId === DESK)).toBe(true);
  });

  it('refuses a sequence that was used before, and publishes nothing of that transaction', async () => {
    const event = { type: 'ticket.opened', aggregateId: newId(), sequence: 1, deskId: 'cassini', occurredAt: new Date(), data: {} };
    await transactions.run(async (tx) => void appendEvent(tx, event));
    const other = { ...event, aggregateId: newId() };
    const twice = transactions.run(async (tx) => {
      appendEvent(tx, other);
      appendEvent(tx, event);
    });
    await expect(twice).rejects.toMatchObject({ code: '23505' });
    await eventually(async () => expect(await log.read(0n, 'cassini', 10)).toHaveLength(1));
    await delay(100);
    expect((await log.read(0n, 'cassini', 10)).map((logged) => logged.event.aggregateId)).toEqual([event.aggregateId]);
  });

  it('forgets what is published and older than the retention, and says so to whoever resumes before it', async () => {
    const dataSource = tickets.get<DataSource>(getDataSourceToken());
    const [first, last] = await createAggregates(transactions, 2);
    // Both occurred long ago, as imported events do; the first was also written down longer ago than the retention.
    const occurredAt = new Date('2016-03-01T00:00:00Z');
    await changeAggregate(transactions, first!, { deskId: 'draco', occurredAt });
    await changeAggregate(transactions, last!, { deskId: 'draco', occurredAt });
    const writtenAt = Date.now() - 31 * 24 * 3600 * 1000;
    await dataSource.query('UPDATE outbox SET id = $1 WHERE aggregate_id = $2', [uuidv7({ msecs: writtenAt }), first]);
    const [old, kept] = await take(0n, 2, 'draco');
    const pending = 'SELECT FROM outbox JOIN outbox_lanes USING (lane) WHERE outbox.position > outbox_lanes.position';
    await eventually(async () => expect(await dataSource.query(pending)).toHaveLength(0));

    await new Sweeper(dataSource, { days: 30 }).sweep();
    expect(await log.read(0n, 'draco', 10)).toEqual([kept]);
    await expect(take(old!.position - 1n, 1, 'draco')).rejects.toMatchObject({ reason: 'POSITION_EXPIRED' });
    expect(await take(old!.position, 1, 'draco')).toEqual([kept]);
  });
});

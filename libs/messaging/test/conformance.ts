import { setTimeout as delay } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { newId } from '#kernel/ids.js';
import { MetricsRegistry } from '#platform/health/metrics.js';
import { Transactions } from '#platform/database/transactions.js';
import { EventBus } from '../src/bus/event-bus.js';
import { DEAD_LETTER_TOPIC, topicOf } from '../src/event.js';
import { Messaging } from '../src/messaging.js';
import { EventLog } from '../src/outbox/event-log.js';
import type { BusUnderTest } from './bus-under-test.js';
import { describeKills } from './kills.js';
import { effectsOf, eventually, isGapFree, publishedOf } from './observations.js';
import { createServiceDatabase, RecordEffect, startService } from './test-service.js';
import { changeAggregate, createAggregates, DESK, writeConcurrently } from './writers.js';

const TOPIC = topicOf('tickets');

/** What services rely on, whichever bus carries their events. */
export function describeConformance(bus: BusUnderTest): void {
  let ticketsUrl: string;
  let slaUrl: string;
  let running: INestApplicationContext[];

  const start = async (service: 'tickets' | 'sla'): Promise<INestApplicationContext> => {
    const consumes = service === 'sla';
    const databaseUrl = consumes ? slaUrl : ticketsUrl;
    const app = await startService({ service, databaseUrl, bus: bus.options(), consumes });
    running.push(app);
    return app;
  };

  beforeEach(async () => {
    running = [];
    ticketsUrl = await createServiceDatabase('tickets');
    slaUrl = await createServiceDatabase('sla');
  });

  afterEach(async () => {
    await Promise.all(running.map((app) => app.close()));
  });

  it('keeps each aggregate in order, with twenty writers, two relays and two consumers', async () => {
    const [tickets] = await Promise.all([start('tickets'), start('tickets'), start('sla'), start('sla')]);
    const transactions = tickets.get(Transactions);
    const aggregates = await createAggregates(transactions, 12);
    await writeConcurrently(transactions, aggregates, 20, 15);

    await eventually(async () => expect(await effectsOf(slaUrl, aggregates)).toHaveLength(300));
    const published = await publishedOf(tickets.get(EventBus), TOPIC, aggregates);
    const effects = await effectsOf(slaUrl, aggregates);
    for (const aggregate of aggregates) {
      expect(isGapFree(published.get(aggregate)!)).toBe(true);
      expect(isGapFree(effects.filter((effect) => effect.aggregateId === aggregate))).toBe(true);
    }
    expect(new Set(effects.map((effect) => effect.eventId)).size).toBe(300);
  });

  it('undoes the effect when the handler or its connection fails before the mark, and handles the event again', async () => {
    const [tickets, sla] = await Promise.all([start('tickets'), start('sla')]);
    const failures = new Set<string>();
    sla.get(RecordEffect).interfere = async (event, tx) => {
      if (failures.has(event.id)) return;
      failures.add(event.id);
      if (event.sequence % 2 === 0) throw new Error('the handler fails after its effect');
      await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
    };
    const transactions = tickets.get(Transactions);
    const [aggregate] = await createAggregates(transactions, 1);
    for (let i = 0; i < 4; i += 1) await changeAggregate(transactions, aggregate!);

    await eventually(async () => expect(await effectsOf(slaUrl, [aggregate!])).toHaveLength(4));
    expect(failures.size).toBe(4);
    expect(isGapFree(await effectsOf(slaUrl, [aggregate!]))).toBe(true);
  });

  it('skips what it has handled when it is published once more', async () => {
    const [tickets, sla] = await Promise.all([start('tickets'), start('sla')]);
    const transactions = tickets.get(Transactions);
    const [aggregate] = await createAggregates(transactions, 1);
    await changeAggregate(transactions, aggregate!);
    await eventually(async () => expect(await effectsOf(slaUrl, [aggregate!])).toHaveLength(1));

    const [message] = await sla.get(EventBus).readTopic(TOPIC, aggregate);
    await sla.get(EventBus).publish(TOPIC, [message!, message!]);
    await changeAggregate(transactions, aggregate!);
    await eventually(async () => expect(await effectsOf(slaUrl, [aggregate!])).toHaveLength(2));
  });

  it('puts poison aside while others go on, and replays it when asked to', async () => {
    const [tickets, sla] = await Promise.all([start('tickets'), start('sla')]);
    const transactions = tickets.get(Transactions);
    const [poisoned, healthy] = await createAggregates(transactions, 2);
    let poisonous = true;
    sla.get(RecordEffect).interfere = async (event) => {
      if (poisonous && event.aggregateId === poisoned && event.sequence === 1) throw new Error('cannot digest this');
    };
    const poison = await changeAggregate(transactions, poisoned!);
    await changeAggregate(transactions, poisoned!);
    await changeAggregate(transactions, healthy!);
    await eventually(async () => expect(await effectsOf(slaUrl, [poisoned!, healthy!])).toHaveLength(2));

    const [letter] = await sla.get(EventBus).readTopic(DEAD_LETTER_TOPIC, poisoned);
    expect(letter!.headers).toMatchObject({ ce_id: poison, dlq_group: 'sla', dlq_topic: TOPIC, dlq_error: 'Error: cannot digest this' });
    const stillFailing = await sla.get(Messaging).replayDeadLetters({ eventId: poison });
    expect(stillFailing).toEqual({ replayed: [], failed: [{ eventId: poison, error: 'Error: cannot digest this' }] });

    poisonous = false;
    expect(await sla.get(Messaging).replayDeadLetters({ type: 'ticket.opened' })).toEqual({ replayed: [poison], failed: [] });
    expect(await sla.get(Messaging).replayDeadLetters()).toEqual({ replayed: [], failed: [] });
    const effects = await effectsOf(slaUrl, [poisoned!]);
    expect(effects.map((effect) => effect.sequence).toSorted()).toEqual([1, 2]);
  });

  it('puts aside what is not one of our events and counts types that nobody handles', async () => {
    const [tickets, sla] = await Promise.all([start('tickets'), start('sla')]);
    const transactions = tickets.get(Transactions);
    const [aggregate] = await createAggregates(transactions, 1);
    const key = newId();
    await eventually(() => tickets.get(EventBus).publish(TOPIC, [{ key, headers: {}, value: 'not JSON' }]));
    await changeAggregate(transactions, aggregate!, { type: 'ticket.renamed' });
    await changeAggregate(transactions, aggregate!);

    await eventually(async () => expect(await effectsOf(slaUrl, [aggregate!])).toHaveLength(1));
    await eventually(async () => expect(await sla.get(EventBus).readTopic(DEAD_LETTER_TOPIC, key)).toHaveLength(1));
    const metrics = await sla.get(MetricsRegistry).metrics();
    expect(metrics).toContain(`priolane_consumer_events_total{topic="${TOPIC}",outcome="unknown"} 1`);
    expect(metrics).toContain(`priolane_consumer_events_total{topic="${TOPIC}",outcome="dead_lettered"} 1`);
  });

  it('holds back only the aggregate whose event the bus refuses, and goes on without the event in the end', async () => {
    const tickets = await start('tickets');
    const transactions = tickets.get(Transactions);
    const [stuck, healthy] = await createAggregates(transactions, 2);
    await changeAggregate(transactions, stuck!);
    await changeAggregate(transactions, stuck!, { data: { attachment: 'x'.repeat(2_000_000) } });
    await changeAggregate(transactions, stuck!);
    await changeAggregate(transactions, healthy!);
    const sequences = async (aggregate: string): Promise<(number | undefined)[]> => {
      const published = await publishedOf(tickets.get(EventBus), TOPIC, [aggregate]);
      return (published.get(aggregate) ?? []).map(({ sequence }) => sequence);
    };
    await eventually(async () => expect(await sequences(healthy!)).toEqual([1]));
    // In a lane of its own, which may be the later one.
    await eventually(async () => expect(await sequences(stuck!)).toEqual([1]));

    const lastAttempt = `UPDATE outbox_failures SET attempts = 9, retry_at = now() WHERE aggregate_id = $1 RETURNING sequence`;
    await eventually(async () => {
      expect(await transactions.run((tx) => tx.query(lastAttempt, [stuck]))).toEqual([{ sequence: 2 }]);
    });
    await eventually(async () => expect(await sequences(stuck!)).toEqual([1, 3]));
    const log = await tickets.get(EventLog).read(0n, DESK, 10);
    expect(log.filter(({ event }) => event.aggregateId === stuck)).toHaveLength(3);
  });

  describeKills(bus, () => ({ ticketsUrl, slaUrl, start }));

  const { outage } = bus;
  if (!outage) return;

  it('lets events wait while the bus is away, loses none and delivers them when it is back', async () => {
    const [tickets] = await Promise.all([start('tickets'), start('sla')]);
    const transactions = tickets.get(Transactions);
    const aggregates = await createAggregates(transactions, 5);
    await writeConcurrently(transactions, aggregates, 5, 4);
    await eventually(async () => expect(await effectsOf(slaUrl, aggregates)).toHaveLength(20));

    await outage.begin();
    await writeConcurrently(transactions, aggregates, 5, 4);
    await eventually(async () => expect(await tickets.get(EventLog).read(0n, DESK, 100)).toHaveLength(40));
    await delay(2_000);
    expect(await effectsOf(slaUrl, aggregates)).toHaveLength(20);

    await outage.end();
    await eventually(async () => expect(await effectsOf(slaUrl, aggregates)).toHaveLength(40));
    const effects = await effectsOf(slaUrl, aggregates);
    for (const aggregate of aggregates) {
      expect(isGapFree(effects.filter((effect) => effect.aggregateId === aggregate))).toBe(true);
    }
  });
}

import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { startKafka, type KafkaOptions, type StartedKafka } from './kafka.js';
import { javaVersion } from './kafka-jars.js';
import { identify } from './process-identity.js';
import { registryFolder, stopLeftovers, type Place } from './processes.js';
import { until } from './readiness.js';

const NOTHING_THERE = { JAVA_HOME: '/nowhere', DOCKER_HOST: 'tcp://127.0.0.1:1' };

function client(bus: StartedKafka): Kafka {
  if (bus.kind !== 'kafka') throw new Error(`expected Kafka, got ${bus.why}`);
  return new Kafka({ brokers: [...bus.brokers], logLevel: logLevel.NOTHING, retry: { retries: 20 } });
}

describe('the event bus', () => {
  let place: Place;
  let options: KafkaOptions;

  beforeEach(() => {
    place = { folder: mkdtempSync(join(tmpdir(), 'kafka-')) };
    options = { place, durable: true, environment: {}, restart: false, watcher: { report: () => undefined } };
  });

  afterEach(async () => {
    await stopLeftovers(place);
    rmSync(place.folder, { recursive: true, force: true });
  });

  it('is what was given', async () => {
    const given = await startKafka({ ...options, environment: { KAFKA_BROKERS: 'a:9092, b:9092' } });
    expect(given).toMatchObject({ kind: 'kafka', how: 'given', brokers: ['a:9092', 'b:9092'], why: 'given by KAFKA_BROKERS' });
    const chosen = await startKafka({ ...options, environment: { EVENT_BUS: 'postgres', KAFKA_BROKERS: 'a:9092' } });
    expect(chosen).toMatchObject({ kind: 'postgres', why: 'events over PostgreSQL: chosen by EVENT_BUS=postgres' });
  });

  it('is PostgreSQL where neither Java nor Docker is there, and says how to get Kafka', async () => {
    const { kind, why } = await startKafka({ ...options, environment: NOTHING_THERE });
    expect({ kind, why }).toEqual({
      kind: 'postgres',
      why:
        'events over PostgreSQL: Java is not installed; no Docker engine answers at DOCKER_HOST tcp://127.0.0.1:1. ' +
        'For Kafka install Java 17 or newer and Maven, start Docker, or give KAFKA_BROKERS',
    });
  });

  it('is never silently something else in CI', async () => {
    const inCi = startKafka({ ...options, environment: { ...NOTHING_THERE, CI: 'true' } });
    await expect(inCi).rejects.toThrow(/^No real Kafka, and with CI=true nothing takes its place unless EVENT_BUS=postgres says so: Java/);
  });

  it('keeps its events when the broker is killed, and starts again on what that left', async () => {
    if (((await javaVersion('java')) ?? 0) < 17) {
      // A machine without Java has the bus over PostgreSQL, which the case above covers.
      expect((await startKafka({ ...options, environment: { DOCKER_HOST: NOTHING_THERE.DOCKER_HOST } })).kind).toBe('postgres');
      return;
    }
    const first = await startKafka(options);
    const producer = client(first).producer();
    await producer.connect();
    await producer.send({ topic: 'kept', acks: -1, messages: [{ key: 'a', value: 'one' }, { key: 'a', value: 'two' }] });
    await producer.disconnect();
    const { pid } = JSON.parse(await readFile(join(registryFolder(place), 'kafka.json'), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    await until(async () => identify(pid) === undefined, AbortSignal.timeout(60_000));

    const second = await startKafka(options);
    const values: string[] = [];
    const consumer = client(second).consumer({ groupId: 'reader' });
    await consumer.connect();
    await consumer.subscribe({ topic: 'kept', fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => void values.push(String(message.value)) });
    await until(async () => values.length === 2, AbortSignal.timeout(60_000));
    expect(values).toEqual(['one', 'two']);
    await consumer.disconnect();
    await second.stop();
  });
});

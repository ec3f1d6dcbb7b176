import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { readJsonFile, writeJsonFile } from './json-file.js';
import { answers } from './local-kafka.js';
import { freePort } from './ports.js';
import { dataFolder, type Place } from './processes.js';
import { until } from './readiness.js';

const IMAGE = 'apache/kafka:4.1.0';

export interface DockerKafkaOptions {
  readonly place: Place;
  readonly port: number | undefined;
  /** True keeps the log in a named volume; its name is kept with the place's other data. */
  readonly durable: boolean;
}

/** The official image. Its advertised address has to be known before it starts, hence a fixed port. */
export async function startDockerKafka(options: DockerKafkaOptions): Promise<{ brokers: readonly string[]; stop: () => Promise<void> }> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const port = options.port ?? (await freePort());
  const container = new GenericContainer(IMAGE)
    .withExposedPorts({ container: 9092, host: port })
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_LISTENERS: 'PLAINTEXT://0.0.0.0:9092,CONTROLLER://0.0.0.0:9093',
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
      KAFKA_INTER_BROKER_LISTENER_NAME: 'PLAINTEXT',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_LOG_DIRS: '/var/lib/kafka/data',
      KAFKA_LOG_RETENTION_MS: '-1',
      KAFKA_OFFSETS_RETENTION_MINUTES: '2147483647',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '4',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_HEAP_OPTS: '-Xmx350m -Xms128m',
    })
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(60_000);
  if (options.durable) container.withBindMounts([{ source: volumeName(options.place), target: '/var/lib/kafka/data' }]);
  const started = await container.start();
  const brokers = [`127.0.0.1:${port}`];
  await until(() => answers(brokers), AbortSignal.timeout(30_000));
  return {
    brokers,
    stop: async () => {
      await started.stop({ timeout: 5_000 });
    },
  };
}

function volumeName(place: Place): string {
  const file = join(dataFolder(place, 'kafka'), 'volume.json');
  const known = readJsonFile<{ volume: string }>(file);
  if (known !== undefined) return known.volume;
  const volume = `priolane-kafka-${randomUUID()}`;
  writeJsonFile(file, { volume });
  return volume;
}

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { freePort } from './ports.js';
import { dataFolder, type Command, type Place } from './processes.js';
import { Supervisor, type Watcher } from './supervisor.js';

const run = promisify(execFile);

export interface LocalKafkaOptions {
  readonly place: Place;
  readonly port: number | undefined;
  readonly restart: boolean;
  readonly watcher: Watcher;
  readonly java: string;
  readonly jars: string;
}

/** One real broker, in KRaft mode, from Kafka's own jars. */
export async function startLocalKafka(options: LocalKafkaOptions): Promise<{ brokers: readonly string[]; supervisor: Supervisor }> {
  const { place, java } = options;
  const port = options.port ?? (await freePort());
  const home = dataFolder(place, 'kafka');
  const log = join(home, 'log');
  const properties = join(home, 'server.properties');
  mkdirSync(home, { recursive: true });
  writeFileSync(properties, serverProperties(log, port, await freePort()));
  if (!existsSync(join(log, 'meta.properties'))) await format(options, log, properties);
  const brokers = [`127.0.0.1:${port}`];
  const command: Command = { command: java, args: [...javaOptions(options.jars, 320), 'kafka.Kafka', properties] };
  const supervisor = new Supervisor(
    place,
    {
      name: 'kafka',
      command: () => command,
      ready: () => answers(brokers),
      readyLimitMs: 60_000,
      stopGraceMs: 5_000,
      restart: options.restart,
    },
    options.watcher,
  );
  await supervisor.start();
  return { brokers, supervisor };
}

/** A format that was killed half-way leaves no meta.properties and is done again. */
async function format(options: LocalKafkaOptions, log: string, properties: string): Promise<void> {
  rmSync(log, { recursive: true, force: true });
  const args = [...javaOptions(options.jars, 128), 'kafka.tools.StorageTool', 'format', '-t', clusterId(), '-c', properties];
  await run(options.java, args, { timeout: 60_000 });
}

/** A UUID as Kafka writes it: 22 characters that do not start with a dash, which the tool would take for an option. */
function clusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? clusterId() : id;
}

function javaOptions(jars: string, heapMb: number): readonly string[] {
  return [
    `-Xmx${heapMb}m`,
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Xshare:auto',
    '-Djava.awt.headless=true',
    '-Dorg.slf4j.simpleLogger.showDateTime=true',
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
    '-cp',
    join(jars, '*'),
  ];
}

/** Events are kept for good; small internal topics, because one person's machine needs no fifty partitions of them. */
function serverProperties(log: string, port: number, controllerPort: number): string {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    // Backslashes of a Windows path are escapes in a properties file.
    'log.dirs': log.replaceAll('\\', '/'),
    'log.retention.ms': '-1',
    'offsets.retention.minutes': '2147483647',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    // After a kill -9 the broker is let in again only when its earlier session has run out.
    'broker.session.timeout.ms': '5000',
    'broker.heartbeat.interval.ms': '1000',
    'num.network.threads': '2',
    'num.io.threads': '4',
    // Index files are laid out at full size first; 10 MB for each partition's would be a gigabyte of holes.
    'log.index.size.max.bytes': '1048576',
    'log.cleaner.dedupe.buffer.size': '16777216',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** A broker listens before it can serve; asking for its metadata tells. */
export async function answers(brokers: readonly string[]): Promise<boolean> {
  const admin = new Kafka({
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    const { brokers: live, controller } = await admin.describeCluster();
    return live.length > 0 && controller !== null;
  } finally {
    await admin.disconnect();
  }
}

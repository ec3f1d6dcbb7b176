import { askDocker, type DockerAnswer } from './docker.js';
import { startDockerKafka } from './docker-kafka.js';
import { javaCommand, javaVersion, KAFKA_VERSION, kafkaJars } from './kafka-jars.js';
import { startLocalKafka } from './local-kafka.js';
import type { Place } from './processes.js';
import type { Watcher } from './supervisor.js';

export interface KafkaOptions {
  readonly place: Place;
  /** A free one when not given. */
  readonly port?: number;
  /** False for data that is thrown away. */
  readonly durable: boolean;
  /** A container where Docker answers, before Java. */
  readonly preferDocker?: boolean;
  readonly restart?: boolean;
  readonly watcher: Watcher;
  readonly environment?: NodeJS.ProcessEnv;
}

export type StartedKafka = (
  | { readonly kind: 'kafka'; readonly how: 'given' | 'java' | 'docker'; readonly brokers: readonly string[] }
  | { readonly kind: 'postgres' }
) & {
  /** In words: what it is, why, and where it is no Kafka, how to get one. */
  readonly why: string;
  /** Leaves given brokers alone. */
  stop(graceMs?: number): Promise<void>;
};

/** One way to a broker: the broker, or why not this way. */
type Attempt = () => Promise<StartedKafka | { readonly lacking: string }>;

const MINIMAL_JAVA = 17;

/** The event bus by the rules of the house: given brokers, else a real broker by Java or Docker, else PostgreSQL. */
export async function startKafka(options: KafkaOptions): Promise<StartedKafka> {
  const environment = options.environment ?? process.env;
  const brokers = environment.KAFKA_BROKERS;
  if (environment.EVENT_BUS === 'postgres') return overPostgres('chosen by EVENT_BUS=postgres');
  if (brokers !== undefined && brokers !== '') {
    const list = brokers.split(',').map((broker) => broker.trim());
    return { kind: 'kafka', how: 'given', brokers: list, why: 'given by KAFKA_BROKERS', stop: async () => undefined };
  }
  const docker = await askDocker(environment);
  const attempts: readonly Attempt[] = [() => byJava(options, environment), () => byDocker(options, docker)];
  const lacking: string[] = [];
  for (const attempt of options.preferDocker === true ? attempts.toReversed() : attempts) {
    const outcome = await attempt();
    if ('kind' in outcome) return outcome;
    lacking.push(outcome.lacking);
  }
  const why = `${lacking.join('; ')}. For Kafka install Java ${MINIMAL_JAVA} or newer and Maven, start Docker, or give KAFKA_BROKERS`;
  if (environment.CI === 'true') {
    throw new Error(`No real Kafka, and with CI=true nothing takes its place unless EVENT_BUS=postgres says so: ${why}.`);
  }
  return overPostgres(why);
}

function overPostgres(why: string): StartedKafka {
  return { kind: 'postgres', why: `events over PostgreSQL: ${why}`, stop: async () => undefined };
}

async function byJava(options: KafkaOptions, environment: NodeJS.ProcessEnv): ReturnType<Attempt> {
  const java = javaCommand(environment);
  const version = await javaVersion(java);
  if (version === undefined) return { lacking: 'Java is not installed' };
  if (version < MINIMAL_JAVA) return { lacking: `Java is ${version}, Kafka needs ${MINIMAL_JAVA}` };
  const jars = await kafkaJars(environment, options.watcher);
  if ('lacking' in jars) return jars;
  const { place, watcher, port } = options;
  const restart = options.restart ?? true;
  const { brokers, supervisor } = await startLocalKafka({ place, port, restart, watcher, java, jars: jars.folder });
  return {
    kind: 'kafka',
    how: 'java',
    brokers,
    why: `Apache Kafka ${KAFKA_VERSION} on Java ${version}, as no KAFKA_BROKERS were given`,
    stop: (graceMs) => supervisor.stop(graceMs),
  };
}

async function byDocker(options: KafkaOptions, docker: DockerAnswer): ReturnType<Attempt> {
  if (!docker.answers) return { lacking: docker.why };
  try {
    const { brokers, stop } = await startDockerKafka({ place: options.place, port: options.port, durable: options.durable });
    return { kind: 'kafka', how: 'docker', brokers, why: `the container apache/kafka:${KAFKA_VERSION}, as ${docker.why}`, stop };
  } catch (error) {
    return { lacking: `Docker answers but could not start Kafka (${String(error).split('\n')[0]})` };
  }
}

import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startKafka, type StartedKafka } from '#testing/infrastructure/kafka.js';
import { startMailbox, type StartedMailbox } from '#testing/infrastructure/mailbox.js';
import { startPostgres, type StartedPostgres } from '#testing/infrastructure/postgres.js';
import { identify, type ProcessIdentity } from '#testing/infrastructure/process-identity.js';
import { startKeeper, stopLeftovers, type Place } from '#testing/infrastructure/processes.js';
import { repositoryRoot } from '#testing/infrastructure/repository.js';
import {
  SERVICES,
  stackFolder,
  writeStack,
  type ServiceDescription,
  type ServiceName,
  type StackDescription,
} from '#testing/infrastructure/stack-file.js';
import type { Supervisor, Watcher } from '#testing/infrastructure/supervisor.js';
import { loadSecrets, type Secrets } from './secrets.js';
import { describeService, httpUrl, serviceSupervisor, type Surroundings } from './services.js';
import { clockFile, forgetStack, takeFolder } from './stack-folder.js';
import { choosePorts, type StackPorts } from './stack-ports.js';
import { startStripe, type StartedStripe } from './stripe.js';

export interface StackOptions {
  /** `.priolane` (or PRIOLANE_FOLDER) when not given. */
  readonly folder?: string;
  /** Starts with new data. */
  readonly fresh?: boolean;
  /** `fixed` when not given: the usual ports, each movable by its variable. */
  readonly ports?: 'fixed' | 'free';
  /** For tests: no fsync, and the folder goes with the stack. */
  readonly throwAway?: boolean;
  /** One line of progress, or of something that went wrong later. */
  readonly report?: (line: string) => void;
  /** Ends the start half-way. */
  readonly signal?: AbortSignal;
  /** Runs when all services serve, before the stack counts as ready. */
  readonly seed?: (stack: StackDescription) => Promise<void>;
  /** In place of `process.env`: what is given from outside, and what the services inherit. */
  readonly environment?: NodeJS.ProcessEnv;
  /** The folder with the compiled programs; `dist` when not given. */
  readonly programs?: string;
}

export interface RunningStack {
  readonly description: StackDescription;
  /** Stops every process within ten seconds: the services, then what they stand on. */
  stop(): Promise<void>;
}

interface Infrastructure {
  readonly postgres: StartedPostgres;
  readonly bus: StartedKafka;
  readonly mailbox: StartedMailbox;
  readonly stripe: StartedStripe;
}

const BUS_DATABASE = { name: 'priolane_bus', variable: 'EVENT_BUS_DATABASE_URL' };
const database = (service: ServiceName) => ({ name: `priolane_${service}`, variable: `${service.toUpperCase()}_DATABASE_URL` });

/** Brings up the five services and all they stand on. When that fails, nothing is left running. */
export async function startStack(options: StackOptions = {}): Promise<RunningStack> {
  const environment = options.environment ?? process.env;
  const folder = resolve(options.folder ?? stackFolder(environment));
  const report = options.report ?? (() => undefined);
  const release = await takeFolder(folder, options.fresh === true, report);
  const place: Place = { folder };
  const ending = new AbortController();
  const keeper = startKeeper(place, { owner: process.pid, removePlace: options.throwAway === true });
  const keeperGone = new Promise((done) => keeper.once('exit', done));
  const end = async (stopInOrder: () => Promise<unknown>) => {
    ending.abort(new Error('The stack is being stopped'));
    forgetStack(folder);
    await stopInOrder();
    keeper.ref();
    keeper.kill('SIGTERM');
    await keeperGone;
    if (options.throwAway === true) rmSync(folder, { recursive: true, force: true });
    release();
  };
  const work = bringUp(options, { place, environment, watcher: { report, ending: ending.signal } });
  try {
    const { description, stop } = await Promise.race([work, aborted(options.signal)]);
    return { description, stop: once(() => end(stop)) };
  } catch (error) {
    work.catch(() => undefined);
    await end(() => stopLeftovers(place));
    throw error;
  }
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const refuse = () => reject(new Error('The start was broken off'));
    if (signal?.aborted === true) refuse();
    signal?.addEventListener('abort', refuse, { once: true });
  });
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}

interface Scene {
  readonly place: Place;
  readonly environment: NodeJS.ProcessEnv;
  readonly watcher: Watcher;
}

async function bringUp(options: StackOptions, scene: Scene): Promise<RunningStack> {
  const { place, watcher, environment } = scene;
  const ports = await choosePorts(options.ports ?? 'fixed', environment);
  const secrets = loadSecrets(place.folder);
  const programs = options.programs ?? join(repositoryRoot(), 'dist');
  const infrastructure = await startInfrastructure(scene, ports, secrets, programs, options.throwAway !== true);
  const around = surroundings(place.folder, ports, secrets, infrastructure);

  const services = {} as Record<ServiceName, ServiceDescription>;
  let description: StackDescription | undefined;
  const supervisors = await Promise.all(
    SERVICES.map(async (service) => {
      const started = (pid: number) => {
        services[service] = describeService(service, around, pid);
        if (description !== undefined && watcher.ending?.aborted !== true) writeStack(description);
      };
      const supervisor = serviceSupervisor(service, { place, around, programs, environment, watcher: { ...watcher, started } });
      await supervisor.start();
      watcher.report(`${service} serves`);
      return supervisor;
    }),
  );
  const described = describeStack(place.folder, around, secrets, infrastructure, services);
  await options.seed?.(described);
  watcher.ending?.throwIfAborted();
  description = described;
  writeStack(described);
  return { description: described, stop: () => stopAll(supervisors, infrastructure) };
}

async function startInfrastructure(
  { place, environment, watcher }: Scene,
  ports: StackPorts,
  secrets: Secrets,
  programs: string,
  durable: boolean,
): Promise<Infrastructure> {
  const told = async <T extends { why: string }>(what: string, starting: Promise<T>): Promise<T> => {
    const started = await starting;
    watcher.report(`${what}: ${started.why}`);
    return started;
  };
  const common = { place, environment, watcher, durable };
  const databases = [...SERVICES.map(database), BUS_DATABASE];
  const [postgres, bus, mailbox, stripe] = await Promise.all([
    told('Databases', startPostgres({ ...common, databases, port: ports.postgres })),
    told('Events', startKafka({ ...common, port: ports.kafka })),
    told('Mail', startMailbox({ ...common, smtpPort: ports.mailboxSmtp, webPort: ports.mailboxWeb })),
    told(
      'Payments',
      startStripe({
        ...common,
        port: ports.stripe,
        webhookUrl: `${httpUrl('billing', ports)}/stripe/webhook`,
        webhookSecret: secrets.stripeWebhookSecret,
        clockFile: clockFile(place.folder),
        programs,
      }),
    ),
  ]);
  return { postgres, bus, mailbox, stripe };
}

function surroundings(folder: string, ports: StackPorts, secrets: Secrets, infrastructure: Infrastructure): Surroundings {
  const { postgres, bus, mailbox, stripe } = infrastructure;
  const url = (name: string) => postgres.urls[name] as string;
  return {
    ports,
    databaseUrls: Object.fromEntries(SERVICES.map((name) => [name, url(database(name).name)])) as Record<ServiceName, string>,
    eventBus: { kind: bus.kind, brokers: bus.kind === 'kafka' ? bus.brokers : [], databaseUrl: url(BUS_DATABASE.name) },
    smtpUrl: mailbox.smtpUrl,
    stripe: { apiBase: stripe.apiBase, apiKey: stripe.apiKey, webhookSecret: stripe.webhookSecret },
    clockFile: clockFile(folder),
    bootstrapAdminKey: secrets.bootstrapAdminKey,
    keyEncryptionKey: secrets.keyEncryptionKey,
  };
}

function describeStack(
  folder: string,
  around: Surroundings,
  secrets: Secrets,
  { postgres, bus, mailbox, stripe }: Infrastructure,
  services: Record<ServiceName, ServiceDescription>,
): StackDescription {
  return {
    owner: identify(process.pid) as ProcessIdentity,
    folder,
    startedAt: new Date().toISOString(),
    services,
    postgres: { kind: postgres.kind, why: postgres.why },
    eventBus: { ...around.eventBus, why: bus.why },
    mailbox: {
      kind: mailbox.kind,
      why: mailbox.why,
      smtpUrl: mailbox.smtpUrl,
      webUrl: mailbox.webUrl ?? null,
    },
    stripe: { ...around.stripe, kind: stripe.kind, why: stripe.why },
    clockFile: around.clockFile,
    bootstrapAdminKey: secrets.bootstrapAdminKey,
    logFolder: join(folder, 'log'),
  };
}

/** All have to be gone after ten seconds, the firm requests at the end included. */
const STOP_LIMIT_MS = 8_000;

/** Services first: on their way out they still finish calls, answers and offsets. What is left of the time is for the rest. */
async function stopAll(services: readonly Supervisor[], { postgres, bus, mailbox, stripe }: Infrastructure): Promise<void> {
  const start = performance.now();
  await Promise.all(services.map((service) => service.stop()));
  const left = Math.max(1_000, STOP_LIMIT_MS - (performance.now() - start));
  await Promise.all([postgres, bus, mailbox, stripe].map((part) => part.stop(left)));
}

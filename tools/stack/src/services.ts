import { join } from 'node:path';
import type { Place } from '#testing/infrastructure/processes.js';
import { SERVICES, type ServiceDescription, type ServiceName } from '#testing/infrastructure/stack-file.js';
import { Supervisor, type Watcher } from '#testing/infrastructure/supervisor.js';
import { servingProbe } from './grpc-health.js';
import type { StackPorts } from './stack-ports.js';

/** What the services are told about what stands behind them. */
export interface Surroundings {
  readonly ports: StackPorts;
  readonly databaseUrls: Readonly<Record<ServiceName, string>>;
  readonly eventBus: { readonly kind: 'kafka' | 'postgres'; readonly brokers: readonly string[]; readonly databaseUrl: string };
  readonly smtpUrl: string;
  readonly stripe: { readonly apiBase: string; readonly apiKey: string; readonly webhookSecret: string };
  readonly clockFile: string;
  readonly bootstrapAdminKey: string;
  readonly keyEncryptionKey: string;
}

export const grpcAddress = (service: ServiceName, ports: StackPorts): string => `127.0.0.1:${ports[`${service}Grpc`]}`;
export const httpUrl = (service: ServiceName, ports: StackPorts): string => `http://127.0.0.1:${ports[`${service}Http`]}`;

/** A service's environment on top of the machine's own; what is one service's secret no other gets. */
export function serviceEnvironment(service: ServiceName, around: Surroundings): Record<string, string> {
  const { ports, eventBus, stripe } = around;
  const neighbours = SERVICES.map((name) => [`${name.toUpperCase()}_GRPC_URL`, grpcAddress(name, ports)]);
  const own: Partial<Record<ServiceName, Record<string, string>>> = {
    accounts: { BOOTSTRAP_ADMIN_KEY: around.bootstrapAdminKey, KEY_ENCRYPTION_KEY: around.keyEncryptionKey },
    billing: { STRIPE_API_KEY: stripe.apiKey, STRIPE_API_BASE: stripe.apiBase, STRIPE_WEBHOOK_SECRET: stripe.webhookSecret },
    notifications: { SMTP_URL: around.smtpUrl },
  };
  return {
    NODE_ENV: 'development',
    GRPC_URL: grpcAddress(service, ports),
    HTTP_PORT: String(ports[`${service}Http`]),
    DATABASE_URL: around.databaseUrls[service],
    EVENT_BUS: eventBus.kind,
    ...(eventBus.kind === 'kafka' ? { KAFKA_BROKERS: eventBus.brokers.join(',') } : {}),
    EVENT_BUS_DATABASE_URL: eventBus.databaseUrl,
    ...Object.fromEntries(neighbours),
    CLOCK_FILE: around.clockFile,
    MIGRATE_ON_START: 'true',
    ...own[service],
  };
}

/** Variables of this shell that the stack has already acted on, or that are one service's own. */
const NOT_PASSED_ON =
  /^(.+_DATABASE_URL|.+_(GRPC|HTTP|SMTP|WEB|SANDBOX)_PORT|(POSTGRES|KAFKA)_PORT|STRIPE_.+|KAFKA_BROKERS|SMTP_URL|BOOTSTRAP_ADMIN_KEY|KEY_ENCRYPTION_KEY)$/;

export interface ServiceOptions {
  readonly place: Place;
  readonly around: Surroundings;
  /** The folder with the compiled programs. */
  readonly programs: string;
  /** The machine's environment, and what is set on top of it for every service. */
  readonly environment: NodeJS.ProcessEnv;
  readonly watcher: Watcher;
}

/** One process of a service, running its migrations first; ready when its gRPC health says so. */
export function serviceSupervisor(service: ServiceName, options: ServiceOptions): Supervisor {
  const inherited = Object.entries(options.environment).filter(([name]) => !NOT_PASSED_ON.test(name));
  const env = {
    LOG_LEVEL: 'info',
    ...Object.fromEntries(inherited),
    ...serviceEnvironment(service, options.around),
  };
  const args = ['--enable-source-maps', join(options.programs, 'apps', service, 'src/main.js')];
  return new Supervisor(
    options.place,
    {
      name: service,
      command: () => ({ command: process.execPath, args, env }),
      ready: servingProbe(grpcAddress(service, options.around.ports)),
      readyLimitMs: 60_000,
      stopGraceMs: 4_500,
      restart: true,
    },
    options.watcher,
  );
}

export function describeService(service: ServiceName, around: Surroundings, pid: number): ServiceDescription {
  return {
    grpc: grpcAddress(service, around.ports),
    http: httpUrl(service, around.ports),
    databaseUrl: around.databaseUrls[service],
    pid,
  };
}

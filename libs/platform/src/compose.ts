import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { METHODS } from '#contracts/generated/access.js';
import type { Clock } from '#kernel/clock.js';
import { AccessGuard } from './auth/access.guard.js';
import { KeyRing } from './auth/key-ring.js';
import { clockFor } from './clock/clock.module.js';
import { DatabaseStartup } from './database-startup.js';
import type { BaseEnv } from './env.js';
import { loadPackages, servicesOf } from './grpc/definition.js';
import { GrpcErrorFilter } from './grpc/error-filter.js';
import { GrpcServer } from './grpc/server.js';
import { addReflection, GrpcHealth } from './grpc/services.js';
import { type AccessTable, contractFaults } from './grpc/startup-check.js';
import { CallMetrics, MetricsRegistry } from './health/metrics.js';
import { Readiness } from './health/readiness.js';
import { createLog, type Log } from './logging/log.js';
import { NestLogger } from './logging/nest-logger.js';
import { type KeySourceOption, PlatformModule } from './platform.module.js';

export interface Composition {
  /** `tickets`: in logs, metrics and pg_stat_activity. */
  readonly name: string;
  /** Every service declared in these packages is served. */
  readonly packages: readonly string[];
  readonly module: Type | DynamicModule;
  readonly env: BaseEnv;
  /** Accounts and tests bring their own; otherwise ACCOUNTS_GRPC_URL is asked. */
  readonly keySource?: KeySourceOption;
  readonly log?: Log;
  readonly clock?: Clock;
  readonly access?: AccessTable;
  readonly protoRoots?: readonly string[];
}

export interface RunningService {
  readonly app: INestApplication;
  readonly log: Log;
  /** `host:port`, as bound. */
  readonly grpcAddress: string;
  readonly httpPort: number;
  /** NOT_SERVING, drain within SHUTDOWN_GRACE_MS, then close everything. Rejects when something would not close. */
  close(): Promise<void>;
}

/** What is left for closing pools and consumers when the calls have used up the whole grace. */
const CLOSE_MS = 2_000;

/** Starts a service and returns it running: the same for tests and for the process. */
export async function composeService(composition: Composition): Promise<RunningService> {
  const { name, env, packages, protoRoots, access = METHODS } = composition;
  const log = composition.log ?? createLog({ service: name, level: env.LOG_LEVEL });
  const clock = composition.clock ?? clockFor(env);
  const definition = loadPackages(packages, protoRoots);
  const services = servicesOf(definition, packages);

  const platform = PlatformModule.forService({ name, env, log, clock, access, keySource: composition.keySource });
  const app = await NestFactory.create<INestApplication<AbstractHttpAdapter>>(
    { module: ServiceRoot, imports: [platform, composition.module] },
    { logger: new NestLogger(log), rawBody: true, abortOnError: false },
  );
  try {
    const errors = app.get(GrpcErrorFilter);
    const readiness = app.get(Readiness);
    const health = new GrpcHealth(services.keys());
    const server = new GrpcServer({
      url: env.GRPC_URL,
      packages,
      definition,
      maxMessageBytes: env.GRPC_MAX_MESSAGE_BYTES,
      metrics: new CallMetrics(app.get(MetricsRegistry)),
      onDefect: (error) => errors.toStatus(error),
      extend: (grpc) => {
        health.addTo(grpc);
        if (env.GRPC_REFLECTION ?? env.NODE_ENV !== 'production') addReflection(grpc, definition);
      },
    });
    // Before the handlers are registered: Nest gives each the filters and guards that are there at that moment.
    app.useGlobalFilters(errors);
    app.useGlobalGuards(app.get(AccessGuard));
    app.connectMicroservice({ strategy: server }, { inheritAppConfig: true });

    const faults = contractFaults(services, server.getHandlers(), access);
    if (faults.length > 0) throw new Error(`the contracts are not served as declared:\n  ${faults.join('\n  ')}`);

    await app.get(DatabaseStartup).run({ migrateNow: env.MIGRATE_ON_START });
    const keys = app.get(KeyRing);
    readiness.add('signing keys', () => keys.check());
    await app.init();
    keys.start();
    await app.startAllMicroservices();
    await app.listen(env.HTTP_PORT);
    health.setServing(true);
    readiness.setServing(true);

    const httpPort = portOf(app);
    log.info({ grpc: server.address, http: httpPort, packages }, `${name} is serving`);
    let closing: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      const deadline = performance.now() + env.SHUTDOWN_GRACE_MS;
      readiness.setServing(false);
      health.setServing(false);
      await server.drain(env.SHUTDOWN_GRACE_MS);
      await closeWithin(app, Math.max(deadline - performance.now(), CLOSE_MS));
    };
    return { app, log, grpcAddress: server.address, httpPort, close: () => (closing ??= stop()) };
  } catch (error) {
    await app.close().catch((closing: unknown) => log.warn({ err: closing }, 'closing after a failed start failed'));
    throw error;
  }
}

class ServiceRoot {}

async function closeWithin(app: INestApplication, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      app.getHttpServer().closeAllConnections();
      reject(new Error(`closing took longer than ${Math.round(milliseconds)} ms`));
    }, milliseconds);
  });
  await Promise.race([app.close(), late]).finally(() => clearTimeout(timer));
}

function portOf(app: INestApplication): number {
  const address: unknown = app.getHttpServer().address();
  return typeof address === 'object' && address && 'port' in address ? Number(address.port) : 0;
}

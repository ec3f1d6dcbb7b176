import { type DynamicModule, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Clock } from '#kernel/clock.js';
import { AccessGuard } from './auth/access.guard.js';
import { KeyRing } from './auth/key-ring.js';
import { AccountsKeySource, KeySource } from './auth/key-source.js';
import { TokenVerifier } from './auth/token-verifier.js';
import { ClockModule } from './clock/clock.module.js';
import { DatabaseStartup } from './database-startup.js';
import type { BaseEnv } from './env.js';
import { GrpcErrorFilter } from './grpc/error-filter.js';
import type { AccessTable } from './grpc/startup-check.js';
import { HealthController } from './health/health.controller.js';
import { createRegistry, MetricsRegistry } from './health/metrics.js';
import { Readiness } from './health/readiness.js';
import { LOG, type Log } from './logging/log.js';

/** The service's parsed environment, injected with `@Inject(ENV)`. */
export const ENV = Symbol('ENV');

/** A class is looked up among the service's own providers; accounts reads the keys from its own database. */
export type KeySourceOption = KeySource | (new (...dependencies: never[]) => KeySource);

export interface PlatformOptions {
  readonly name: string;
  readonly env: BaseEnv;
  readonly log: Log;
  readonly clock: Clock;
  readonly access: AccessTable;
  readonly keySource?: KeySourceOption;
}

/** What every service has and may inject: ENV, LOG, Clock, MetricsRegistry, Readiness, TokenVerifier. */
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(private readonly keys: KeyRing) {}

  onApplicationShutdown(): void {
    this.keys.stop();
  }

  static forService(options: PlatformOptions): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      imports: [ClockModule.forRoot(options.clock)],
      controllers: [HealthController],
      providers: [...providers(options), Readiness, GrpcErrorFilter, DatabaseStartup],
      exports: [ENV, LOG, MetricsRegistry, Readiness, TokenVerifier],
    };
  }
}

function providers({ name, env, log, access, keySource }: PlatformOptions): Provider[] {
  return [
    { provide: ENV, useValue: env },
    { provide: LOG, useValue: log },
    ...(keySource ? [] : [{ provide: AccountsKeySource, useFactory: () => accountsKeys(env) }]),
    { provide: MetricsRegistry, useFactory: () => createRegistry(name) },
    {
      provide: KeyRing,
      inject: [ModuleRef],
      useFactory: (modules: ModuleRef) => new KeyRing(keySourceOf(keySource ?? AccountsKeySource, modules), log),
    },
    {
      provide: TokenVerifier,
      inject: [KeyRing, Clock],
      useFactory: (keys: KeyRing, clock: Clock) => new TokenVerifier(keys, clock),
    },
    {
      provide: AccessGuard,
      inject: [TokenVerifier],
      useFactory: (tokens: TokenVerifier) => new AccessGuard(tokens, access),
    },
  ];
}

function keySourceOf(option: KeySourceOption, modules: ModuleRef): () => KeySource {
  return typeof option === 'function' ? () => modules.get<KeySource>(option, { strict: false }) : () => option;
}

function accountsKeys(env: BaseEnv): AccountsKeySource {
  if (!env.ACCOUNTS_GRPC_URL) throw new Error('ACCOUNTS_GRPC_URL is required: tokens are verified with its keys');
  return new AccountsKeySource(env.ACCOUNTS_GRPC_URL);
}

import type { DynamicModule, Type } from '@nestjs/common';
import type { z } from 'zod';
import { type Composition, composeService, type RunningService } from './compose.js';
import { type BaseEnv, type baseEnv, EnvError, EXIT_CONFIGURATION, parseEnv } from './env.js';
import { createLog, type Log } from './logging/log.js';
import { exitOnSignals, watchForDefects } from './shutdown.js';

type EnvSchema = z.ZodObject & { readonly _zod: { readonly output: BaseEnv } };

export interface ServiceOptions<S extends EnvSchema> extends Omit<Composition, 'env' | 'module' | 'log' | 'clock'> {
  /** `baseEnv` or an extension of it; the process's environment is read by it. */
  readonly env: S;
  readonly module: (env: Readonly<z.output<S>>) => Type | DynamicModule;
}

/**
 * The whole of a service's main.ts. The process ends with 0 after an orderly shutdown, 1 after a failure, and
 * 78 when its environment is wrong.
 */
export async function runService<S extends EnvSchema = typeof baseEnv>(options: ServiceOptions<S>): Promise<void> {
  const env = readEnv(options.env);
  const log = createLog({ service: options.name, level: env.LOG_LEVEL });
  let service: RunningService | undefined;
  watchForDefects(log, async () => service?.close());
  service = await start({ ...options, env, module: options.module(env), log }, log);
  exitOnSignals(service);
}

function readEnv<S extends EnvSchema>(schema: S): Readonly<z.output<S>> {
  try {
    return parseEnv(schema);
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CONFIGURATION);
  }
}

async function start(composition: Composition, log: Log): Promise<RunningService> {
  try {
    return await composeService(composition);
  } catch (error) {
    log.fatal({ err: error }, `${composition.name} could not start`);
    process.exit(1);
  }
}

import type { BaseEnv } from '#platform/env.js';
import type { BusOptions } from './open-bus.js';

/** The bus that the environment names; `baseEnv` has seen to it that the other half is there. */
export function busOptions(env: BaseEnv): BusOptions {
  if (env.EVENT_BUS === 'kafka') return { kind: 'kafka', brokers: env.KAFKA_BROKERS ?? [] };
  return { kind: 'postgres', url: env.EVENT_BUS_DATABASE_URL ?? '' };
}

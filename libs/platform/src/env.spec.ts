import { z } from 'zod';
import { baseEnv, EnvError, parseEnv } from './env.js';

const complete = { DATABASE_URL: 'postgres://db/tickets', KAFKA_BROKERS: 'a:9092, b:9092' };

function faultsOf(source: Record<string, string>, schema: z.ZodObject = baseEnv): Record<string, string> {
  try {
    parseEnv(schema, source);
  } catch (error) {
    if (error instanceof EnvError) return Object.fromEntries(error.faults.map((f) => [f.variable, f.reason]));
  }
  return {};
}

describe('parseEnv', () => {
  it('reads a complete environment, with defaults', () => {
    expect(parseEnv(baseEnv, complete)).toMatchObject({
      NODE_ENV: 'development',
      KAFKA_BROKERS: ['a:9092', 'b:9092'],
      SHUTDOWN_GRACE_MS: 8_000,
      MIGRATE_ON_START: false,
    });
  });

  it('reports every fault at once, each with its variable and reason', () => {
    const faults = faultsOf({
      NODE_ENV: 'staging',
      HTTP_PORT: 'http',
      GRPC_URL: 'localhost',
      EVENT_BUS: 'kafka',
      GRPC_REFLECTION: 'perhaps',
      DATABASE_POOL_SIZE: '0',
    });
    expect(faults).toEqual({
      NODE_ENV: 'is wrong: expected one of "development"|"test"|"production"',
      HTTP_PORT: 'is wrong: expected number, received NaN',
      GRPC_URL: 'is not host:port',
      GRPC_REFLECTION: 'is not true or false',
      DATABASE_POOL_SIZE: 'is wrong: expected number to be >=1',
      DATABASE_URL: 'is required',
      KAFKA_BROKERS: 'is required when EVENT_BUS is kafka',
    });
  });

  it('asks for the database of the event bus only where that is the bus', () => {
    expect(faultsOf({ DATABASE_URL: 'postgres://db/x', EVENT_BUS: 'postgres' })).toEqual({
      EVENT_BUS_DATABASE_URL: 'is required when EVENT_BUS is postgres',
    });
  });

  it('refuses a movable clock in production', () => {
    expect(faultsOf({ ...complete, CLOCK_FILE: '/clock.json', NODE_ENV: 'production' })).toEqual({
      CLOCK_FILE: 'is refused in production, where only the system clock counts',
    });
    expect(faultsOf({ ...complete, CLOCK_FILE: '/clock.json' })).toEqual({});
  });

  it('takes an empty variable for an unset one', () => {
    expect(faultsOf({ ...complete, DATABASE_URL: '' })).toEqual({ DATABASE_URL: 'is required' });
  });

  it('keeps its rules when a service extends it', () => {
    const tickets = baseEnv.extend({ ATTACHMENT_LIMIT_MB: z.coerce.number() });
    expect(faultsOf({ DATABASE_URL: 'postgres://db/x' }, tickets)).toEqual({
      ATTACHMENT_LIMIT_MB: 'is required',
      KAFKA_BROKERS: 'is required when EVENT_BUS is kafka',
    });
    expect(parseEnv(tickets, { ...complete, ATTACHMENT_LIMIT_MB: '20' }).ATTACHMENT_LIMIT_MB).toBe(20);
  });

  it('never repeats a value: it may be a secret', () => {
    const faults = faultsOf({ ...complete, DATABASE_URL: 'mysql://root:hunter2@db' });
    expect(faults).toEqual({ DATABASE_URL: 'is not a postgres:// URL' });
  });
});

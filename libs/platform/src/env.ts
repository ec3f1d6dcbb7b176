import { z } from 'zod';

/** sysexits.h EX_CONFIG: the process never started, because its configuration is wrong. */
export const EXIT_CONFIGURATION = 78;

const port = z.coerce.number().int().min(0).max(65_535);
const atLeastOne = z.coerce.number().int().min(1);
const address = z.string().regex(/^\S+:\d{1,5}$/, { error: 'is not host:port' });
const postgres = z.string().regex(/^postgres(ql)?:\/\/\S+$/, { error: 'is not a postgres:// URL' });
// Not z.stringbool(): its failure aborts, and the rules between variables would not be reported with it.
const yesOrNo = z.enum(['true', 'false'], { error: 'is not true or false' }).transform((text) => text === 'true');
const brokers = z
  .string()
  .transform((list) => list.split(',').map((broker) => broker.trim()))
  .pipe(z.array(address).min(1));

/** `when` keeps a rule running although other variables are wrong: every fault is reported at once. */
const always = { when: () => true };

/** What every service reads from its environment; a service extends it with its own variables. */
export const baseEnv = z
  .object({
    NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    /** Where the gRPC server listens. */
    GRPC_URL: address.default('0.0.0.0:50051'),
    /** Probes, metrics and webhooks. */
    HTTP_PORT: port.default(8080),
    GRPC_MAX_MESSAGE_BYTES: atLeastOne.default(4 * 1024 * 1024),
    /** Unset: on outside production. */
    GRPC_REFLECTION: yesOrNo.optional(),
    SHUTDOWN_GRACE_MS: atLeastOne.default(8_000),
    DATABASE_URL: postgres,
    DATABASE_POOL_SIZE: atLeastOne.default(10),
    MIGRATE_ON_START: yesOrNo.default(false),
    EVENT_BUS: z.enum(['kafka', 'postgres']).default('kafka'),
    KAFKA_BROKERS: brokers.optional(),
    EVENT_BUS_DATABASE_URL: postgres.optional(),
    ACCOUNTS_GRPC_URL: address.optional(),
    TICKETS_GRPC_URL: address.optional(),
    SLA_GRPC_URL: address.optional(),
    BILLING_GRPC_URL: address.optional(),
    NOTIFICATIONS_GRPC_URL: address.optional(),
    /** A JSON file `{"offsetMs": n}` that moves this process's clock. */
    CLOCK_FILE: z.string().optional(),
  })
  .refine((env) => env.EVENT_BUS === 'postgres' || env.KAFKA_BROKERS !== undefined, {
    path: ['KAFKA_BROKERS'],
    error: 'is required when EVENT_BUS is kafka',
    ...always,
  })
  .refine((env) => env.EVENT_BUS !== 'postgres' || env.EVENT_BUS_DATABASE_URL !== undefined, {
    path: ['EVENT_BUS_DATABASE_URL'],
    error: 'is required when EVENT_BUS is postgres',
    ...always,
  })
  .refine((env) => env.NODE_ENV !== 'production' || env.CLOCK_FILE === undefined, {
    path: ['CLOCK_FILE'],
    error: 'is refused in production, where only the system clock counts',
    ...always,
  });

export type BaseEnv = z.output<typeof baseEnv>;

export interface EnvFault {
  readonly variable: string;
  readonly reason: string;
}

/** All that is wrong with the environment. Values are never repeated: they may be secrets. */
export class EnvError extends Error {
  constructor(readonly faults: readonly EnvFault[]) {
    const lines = faults.map((fault) => `  ${fault.variable} ${fault.reason}`);
    super(`The environment is not complete:\n${lines.join('\n')}`);
    this.name = 'EnvError';
  }
}

/** Reads the environment once and reports every fault together. An empty variable counts as unset. */
export function parseEnv<S extends z.ZodObject>(
  schema: S,
  source: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<z.output<S>> {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return Object.freeze(result.data);
  const reasons = new Map<string, string>();
  for (const issue of result.error.issues) {
    const variable = String(issue.path[0] ?? 'environment');
    const missing = issue.code === 'invalid_type' && !(variable in given);
    const reason = missing ? 'is required' : issue.message.replace(/^(Invalid \w+|Too \w+): /, 'is wrong: ');
    if (!reasons.has(variable)) reasons.set(variable, reason);
  }
  throw new EnvError([...reasons].map(([variable, reason]) => ({ variable, reason })));
}

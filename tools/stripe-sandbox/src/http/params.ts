import { z } from 'zod';
import { ApiError, badParameter } from '../errors.js';

/** Form fields arrive as text; these turn them into what Stripe's reference says they are. */
export const integer = z
  .string()
  .regex(/^-?\d+$/, 'Invalid integer')
  .transform(Number);
export const amount = z
  .string()
  .regex(/^[1-9]\d{0,11}$/, 'Invalid positive integer')
  .transform(Number);
export const bool = z.enum(['true', 'false']).transform((text) => text === 'true');
export const text = z.string().max(5000);
export const currency = z
  .string()
  .regex(/^[A-Za-z]{3}$/, 'Invalid currency')
  .transform((code) => code.toLowerCase());
export const metadata = z.union([z.literal(''), z.record(z.string().max(40), z.string().max(500))]);
export const range = z.union([
  integer,
  z.strictObject({ gt: integer.optional(), gte: integer.optional(), lt: integer.optional(), lte: integer.optional() }),
]);

/** An empty value removes a key, and an empty `metadata` removes all, as with Stripe. */
export function mergeMetadata(
  old: Record<string, string> | null,
  change: z.infer<typeof metadata> | undefined,
): Record<string, string> {
  if (change === '') return {};
  const merged = { ...old, ...change };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
}

/** The first fault becomes Stripe's error for it: an unknown, a missing or an invalid parameter. */
export function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw fault(result.error.issues[0], input);
}

function fault(issue: z.core.$ZodIssue | undefined, input: unknown): ApiError {
  if (issue === undefined) return badParameter('Invalid request', '');
  if (issue.code === 'unrecognized_keys') {
    const name = formName([...issue.path, issue.keys[0] ?? '']);
    return badParameter(`Received unknown parameter: ${name}`, name, 'parameter_unknown');
  }
  const name = formName(issue.path);
  if (at(input, issue.path) === undefined) {
    return badParameter(`Missing required param: ${name}.`, name, 'parameter_missing');
  }
  const code = issue.message.startsWith('Invalid positive integer') ? 'parameter_invalid_integer' : undefined;
  return badParameter(`Invalid ${name}: ${issue.message}`, name, code);
}

function formName(path: readonly PropertyKey[]): string {
  const [head = '', ...rest] = path.map(String);
  return head + rest.map((part) => `[${part}]`).join('');
}

function at(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}

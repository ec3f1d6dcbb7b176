import { isDeepStrictEqual } from 'node:util';
import { status } from '@grpc/grpc-js';
import { RpcError } from '#platform/grpc/rpc-error.js';
import { eventually as answerInTime, NotInTime } from '#testing/neighbours.js';

/** Something is not as the rule says. */
export class NotAsTheRuleSays extends Error {}

/** Other processes do their part in their own time, on machines that may be busy. */
const PATIENCE_MS = 60_000;

export function expectThat(holds: boolean, what: string): asserts holds {
  if (!holds) throw new NotAsTheRuleSays(what);
}

export function expectEqual<T>(what: string, got: T, wanted: T): void {
  if (!isDeepStrictEqual(got, wanted)) throw new NotAsTheRuleSays(`${what}: expected ${shown(wanted)}, got ${shown(got)}`);
}

/** Services count whole seconds: what happened within a second happened at that second. */
export function expectAt(what: string, got: Date | undefined, wanted: Date): void {
  expectEqual(what, got && toSecond(got), toSecond(wanted));
}

/** The value, where there has to be one. */
export function given<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new NotAsTheRuleSays(`there is no ${what}`);
  return value;
}

/** Waits until `ask` gives the wanted value; says what it gave last when it never does. */
export async function becomes<T>(what: string, ask: () => Promise<T>, wanted: T): Promise<void> {
  let got: T | undefined;
  try {
    await eventually(what, async () => isDeepStrictEqual((got = await ask()), wanted));
  } catch (error) {
    if (error instanceof NotInTime) expectEqual(what, got, wanted);
    throw error;
  }
}

/** Waits for an answer that is neither undefined nor false; a service that has not heard of a thing yet does not find it. */
export function eventually<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
  return answerInTime(what, () => ask().catch(unlessUnheardOf), PATIENCE_MS);
}

/** The refusal, which has to have this reason. */
export async function expectRefused(what: string, call: Promise<unknown>, reason: string): Promise<RpcError> {
  const outcome = await call.then(
    () => 'accepted',
    (error: unknown) => error,
  );
  if (!(outcome instanceof RpcError)) {
    if (outcome instanceof Error) throw outcome;
    throw new NotAsTheRuleSays(`${what}: expected a refusal with ${reason}, but it was accepted`);
  }
  expectEqual(`${what}: the reason`, outcome.reason || status[outcome.code], reason);
  return outcome;
}

/** The fields that a refusal names, in order of the alphabet. */
export function faultyFields(error: RpcError): string[] {
  return [...new Set(error.violations.map((violation) => violation.field))].toSorted();
}

export function toSecond(instant: Date): string {
  return new Date(Math.floor(instant.getTime() / 1000) * 1000).toISOString().replace('.000', '');
}

function unlessUnheardOf(error: unknown): undefined {
  if (error instanceof RpcError && error.code === status.NOT_FOUND) return undefined;
  throw error;
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_, entry: unknown) => (typeof entry === 'bigint' ? String(entry) : entry)) ?? 'nothing';
}

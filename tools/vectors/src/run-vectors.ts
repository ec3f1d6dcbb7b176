import { from, lastValueFrom, mergeMap, tap, toArray } from 'rxjs';
import { status } from '@grpc/grpc-js';
import type { AuthServiceClient } from '#contracts/generated/priolane/accounts/v1/auth.js';
import type { CalendarServiceClient } from '#contracts/generated/priolane/sla/v1/calendar.js';
import { closeClient, createClient, type PromiseClient } from '#platform/grpc/client.js';
import { RpcError } from '#platform/grpc/rpc-error.js';
import type { StackDescription } from '#testing/infrastructure/stack-file.js';
import { answerTo, expectedAnswer, toRequest, type Vector } from './vectors.js';

export interface FailedVector {
  /** Place in the file, from 0. */
  readonly index: number;
  readonly expected: string;
  /** The answer, or why there is none. */
  readonly got: string;
}

const AT_ONCE = 32;
const DEADLINE_MS = 20_000;

/** Asks the SLA service of a stack about each vector; answers with those it sees otherwise, in the order of the file. */
export async function runVectors(
  stack: StackDescription,
  vectors: readonly Vector[],
  onAnswer: (count: number) => void,
): Promise<FailedVector[]> {
  const token = await signIn(stack);
  const address = stack.services.sla.grpc;
  const options = { token: () => token, deadlineMs: DEADLINE_MS };
  const calendars = createClient<CalendarServiceClient>('priolane.sla.v1.CalendarService', address, options);
  try {
    const results = from(vectors).pipe(
      mergeMap((vector, index) => ask(calendars, vector, index), AT_ONCE),
      tap({ next: counting(onAnswer) }),
      toArray(),
    );
    const failed = (await lastValueFrom(results)).filter(({ expected, got }) => expected !== got);
    return failed.toSorted((a, b) => a.index - b.index);
  } finally {
    closeClient(calendars);
  }
}

async function ask(calendars: PromiseClient<CalendarServiceClient>, vector: Vector, index: number): Promise<FailedVector> {
  const expected = expectedAnswer(vector);
  try {
    return { index, expected, got: answerTo(vector, await calendars.computeBusinessTime(toRequest(vector))) };
  } catch (error) {
    // A refusal is an answer; a service that is gone is not.
    if (!(error instanceof RpcError) || error.code !== status.INVALID_ARGUMENT) throw error;
    const faults = error.violations.map(({ field, description }) => `${field} ${description}`).join('; ');
    return { index, expected, got: `${error.reason}: ${faults || error.message}` };
  }
}

function counting(onAnswer: (count: number) => void): () => void {
  let count = 0;
  return () => onAnswer(++count);
}

async function signIn({ services, bootstrapAdminKey }: StackDescription): Promise<string> {
  const auth = createClient<AuthServiceClient>('priolane.accounts.v1.AuthService', services.accounts.grpc, { deadlineMs: DEADLINE_MS });
  try {
    const { tokens } = await auth.exchangeApiKey({ apiKey: bootstrapAdminKey });
    if (!tokens) throw new Error('the accounts service answered without tokens');
    return tokens.accessToken;
  } finally {
    closeClient(auth);
  }
}

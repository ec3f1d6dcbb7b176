import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type {
  ImportedTicket,
  ImportTicketsRequest,
  ImportTicketsResponse,
  IntakeServiceClient,
} from '#contracts/generated/priolane/tickets/v1/intake.js';
import { closeClient, createClient, type PromiseClient } from '#platform/grpc/client.js';
import { RpcError } from '#platform/grpc/rpc-error.js';
import type { Token } from './desk-access.js';

export interface Refused {
  readonly externalReference: string;
  readonly faults: readonly string[];
}

export interface ImportSummary {
  readonly created: number;
  /** Were there already, from an earlier run. */
  readonly existing: number;
  readonly refused: readonly Refused[];
}

type Intake = PromiseClient<IntakeServiceClient, 'importTickets'>;

/** How long a stream may fail to get any further before the import gives up. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 500;

/**
 * Hands tickets to the tickets service. When the stream breaks, or the service does not know the desk yet, it goes on
 * with the first ticket that has no answer; a ticket that got in without its answer getting out is found to exist.
 */
export async function importTickets(
  address: string,
  token: Token,
  tickets: readonly ImportedTicket[],
  onAnswer: (count: number) => void,
): Promise<ImportSummary> {
  const intake: Intake = createClient<IntakeServiceClient, 'importTickets'>('priolane.tickets.v1.IntakeService', address, { token });
  try {
    const answers = await everyAnswer(intake, tickets, onAnswer);
    const outcome = (wanted: string): ImportTicketsResponse[] => answers.filter((answer) => answer.outcome === wanted);
    return {
      created: outcome('created').length,
      existing: outcome('exists').length,
      refused: outcome('refused').map(({ externalReference, faults }) => ({ externalReference, faults })),
    };
  } finally {
    closeClient(intake);
  }
}

async function everyAnswer(
  intake: Intake,
  tickets: readonly ImportedTicket[],
  onAnswer: (count: number) => void,
): Promise<ImportTicketsResponse[]> {
  const answers: ImportTicketsResponse[] = [];
  let lastProgress = performance.now();
  for (;;) {
    const left = tickets.slice(answers.length);
    try {
      for await (const answer of intake.importTickets(requests(left))) {
        const asked = tickets[answers.length]?.externalReference;
        if (answer.externalReference !== asked) {
          throw new Error(`the answer to ${asked} is about ${answer.externalReference || 'no ticket'}`);
        }
        answers.push(answer);
        lastProgress = performance.now();
        onAnswer(answers.length);
      }
      if (answers.length < tickets.length) throw new Error(`the import ended after ${answers.length} answers`);
      return answers;
    } catch (error) {
      if (!mayPass(error) || performance.now() - lastProgress > PATIENCE_MS) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

function* requests(tickets: readonly ImportedTicket[]): Generator<ImportTicketsRequest> {
  for (const ticket of tickets) yield { ticket };
}

/** The service is being started again, or a new desk is still on its way to it. */
function mayPass(error: unknown): boolean {
  return error instanceof RpcError && (error.code === status.UNAVAILABLE || error.reason === 'DESK_NOT_FOUND');
}

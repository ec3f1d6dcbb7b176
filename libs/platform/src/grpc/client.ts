import { ChannelCredentials, Client, credentials, Metadata } from '@grpc/grpc-js';
import type { Observable } from 'rxjs';
import { traceparent } from '../context.js';
import { type CallOptions, invoke } from './client-calls.js';
import { type GrpcMethodDefinition, serviceNamed } from './definition.js';

type Answer<R, Streamed> = Streamed extends true ? AsyncIterable<R> : Promise<R>;
type Messages<T> = Iterable<T> | AsyncIterable<T>;

/**
 * A generated `XServiceClient` interface in promises: `(request, options?) => Promise<Response>`. `Streams` names the
 * methods that answer with a stream (the generated interface does not tell them apart): those return an AsyncIterable.
 * A method that takes a stream takes an iterable. Every method throws `RpcError`.
 */
export type PromiseClient<C, Streams extends keyof C = never> = {
  readonly [M in keyof C]: C[M] extends (request: infer Q, metadata?: Metadata) => Observable<infer R>
    ? (
        request: Q extends Observable<infer Message> ? Messages<Message> : Q,
        options?: CallOptions,
      ) => Answer<R, M extends Streams ? true : false>
    : never;
};

export interface ClientOptions {
  /** Asked before each call; sent as a bearer token. */
  readonly token?: () => string | Promise<string>;
  /** For calls with one answer; a stream of answers has a deadline only where the call sets one. */
  readonly deadlineMs?: number;
  readonly maxMessageBytes?: number;
  readonly credentials?: ChannelCredentials;
  readonly protoRoots?: readonly string[];
}

const channels = new WeakMap<object, Client>();

/**
 * A client of `priolane.tickets.v1.TicketService` at `host:port`. Connects on first use; a call that fails with
 * UNAVAILABLE before an answer began is repeated twice, which mutations allow through their request id.
 */
export function createClient<C extends object, Streams extends keyof C = never>(
  service: string,
  address: string,
  options: ClientOptions = {},
): PromiseClient<C, Streams> {
  const { deadlineMs = 5_000, maxMessageBytes = 16 * 1024 * 1024 } = options;
  const channel = new Client(address, options.credentials ?? credentials.createInsecure(), {
    'grpc.service_config': retries(service),
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
  });
  const methods: Record<string, unknown> = {};
  for (const definition of Object.values(serviceNamed(service, options.protoRoots)) as GrpcMethodDefinition[]) {
    const oneAnswer = !definition.responseStream;
    methods[camelCase(definition)] = (request: never, call: CallOptions = {}) =>
      invoke(channel, definition, request, {
        metadata: () => headers(options, call),
        deadlineMs: call.deadlineMs ?? (oneAnswer ? deadlineMs : undefined),
        signal: call.signal,
      });
  }
  channels.set(methods, channel);
  return methods as PromiseClient<C, Streams>;
}

/** Ends the client's connection. Calls under way are let finish. */
export function closeClient(client: object): void {
  channels.get(client)?.close();
}

async function headers(options: ClientOptions, call: CallOptions): Promise<Metadata> {
  const metadata = call.metadata?.clone() ?? new Metadata();
  const trace = traceparent();
  if (trace) metadata.set('traceparent', trace);
  const token = await (call.token ?? options.token)?.();
  if (token) metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}

function camelCase(definition: GrpcMethodDefinition): string {
  const name = definition.path.slice(definition.path.lastIndexOf('/') + 1);
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function retries(service: string): string {
  return JSON.stringify({
    methodConfig: [
      {
        name: [{ service }],
        retryPolicy: {
          maxAttempts: 3,
          initialBackoff: '0.1s',
          maxBackoff: '1s',
          backoffMultiplier: 3,
          retryableStatusCodes: ['UNAVAILABLE'],
        },
      },
    ],
  });
}

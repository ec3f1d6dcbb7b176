import { once } from 'node:events';
import {
  type CallOptions as GrpcCallOptions,
  type Client,
  type ClientReadableStream,
  type ClientWritableStream,
  type Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import type { GrpcMethodDefinition } from './definition.js';
import { RpcError } from './rpc-error.js';

export interface CallOptions {
  readonly metadata?: Metadata;
  /** Milliseconds from now. */
  readonly deadlineMs?: number;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** Instead of the client's own token. */
  readonly token?: () => string | Promise<string>;
}

interface Call {
  readonly metadata: () => Promise<Metadata>;
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

type Messages = Iterable<object> | AsyncIterable<object>;
type Cancellable = { cancel(): void };

/** Makes one call of any of the four kinds. */
export function invoke(client: Client, method: GrpcMethodDefinition, request: object, call: Call): unknown {
  if (method.requestStream) {
    return method.responseStream
      ? answers(call, (metadata, options) => {
          const stream = client.makeBidiStreamRequest(
            method.path,
            method.requestSerialize,
            method.responseDeserialize,
            metadata,
            options,
          );
          send(stream, request as Messages).catch((error: Error) => stream.destroy(error));
          return stream;
        })
      : oneAnswerToMany(client, method, request as Messages, call);
  }
  return method.responseStream
    ? answers(call, (metadata, options) =>
        client.makeServerStreamRequest(
          method.path,
          method.requestSerialize,
          method.responseDeserialize,
          request,
          metadata,
          options,
        ),
      )
    : oneAnswer(client, method, request, call);
}

async function oneAnswer(client: Client, method: GrpcMethodDefinition, request: object, call: Call): Promise<object> {
  const metadata = await call.metadata();
  return new Promise((resolve, reject) => {
    const started = client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      metadata,
      grpcOptions(call),
      settle(resolve, reject),
    );
    cancelOn(call.signal, started);
  });
}

async function oneAnswerToMany(
  client: Client,
  method: GrpcMethodDefinition,
  messages: Messages,
  call: Call,
): Promise<object> {
  const metadata = await call.metadata();
  return new Promise((resolve, reject) => {
    const stream = client.makeClientStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      metadata,
      grpcOptions(call),
      settle(resolve, reject),
    );
    cancelOn(call.signal, stream);
    send(stream, messages).catch((error: unknown) => {
      reject(error);
      stream.cancel();
    });
  });
}

/** The call starts at once; the messages wait, under flow control, until they are asked for. */
function answers(
  call: Call,
  open: (metadata: Metadata, options: GrpcCallOptions) => ClientReadableStream<object>,
): AsyncIterable<object> {
  let failure: unknown;
  const starting = call.metadata().then((metadata) => {
    const stream = open(metadata, grpcOptions(call));
    stream.on('error', (error) => (failure ??= error)); // grpc-js emits it once, perhaps before anybody iterates
    cancelOn(call.signal, stream);
    return stream;
  });
  starting.catch(() => undefined); // thrown below, to whoever iterates
  return (async function* iterate() {
    const stream = await starting;
    try {
      for await (const message of stream) yield message as object;
      if (failure) throw failure;
    } catch (error) {
      throw isServiceError(error) ? RpcError.from(error) : error;
    } finally {
      stream.cancel();
    }
  })();
}

async function send(stream: ClientWritableStream<object>, messages: Messages): Promise<void> {
  for await (const message of messages) {
    if (stream.destroyed || stream.writableEnded) return; // the call is over: its status says why
    if (!stream.write(message)) await drained(stream);
  }
  stream.end();
}

/** Until the stream takes more, or is over; the event that does not come is not waited for any longer. */
async function drained(stream: ClientWritableStream<object>): Promise<void> {
  const settled = new AbortController();
  const either = ['drain', 'close'].map((event) => once(stream, event, { signal: settled.signal }));
  await Promise.race(either).finally(() => settled.abort());
  await Promise.allSettled(either);
}

function grpcOptions({ deadlineMs }: Call): GrpcCallOptions {
  return deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
}

function cancelOn(signal: AbortSignal | undefined, call: Cancellable): void {
  if (signal?.aborted) call.cancel();
  else signal?.addEventListener('abort', () => call.cancel(), { once: true });
}

function settle(resolve: (answer: object) => void, reject: (error: RpcError) => void) {
  return (error: ServiceError | null, answer?: object): void => {
    if (error) reject(RpcError.from(error));
    else resolve(answer!);
  };
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && typeof (error as Partial<ServiceError>).code === 'number';
}

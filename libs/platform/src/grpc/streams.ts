import { once } from 'node:events';
import type { ServerReadableStream, ServerWritableStream } from '@grpc/grpc-js';
import { Observable } from 'rxjs';
import { DomainError } from '#kernel/errors.js';
import { currentCall } from './current-call.js';

/**
 * Answers a server-streaming method from an async iterable, under flow control: the next message is only asked for when
 * the client took the last one. `stop` fires when the client is gone; with `endless`, for streams that never finish by
 * themselves, also when the service drains, and the client is told to come back (UNAVAILABLE, DRAINING).
 */
export function streamOf<T>(
  source: (stop: AbortSignal) => AsyncIterable<T>,
  { endless = false }: { endless?: boolean } = {},
): Observable<T> {
  const { call, draining } = currentCall();
  const writable = call as unknown as ServerWritableStream<unknown, T>;
  return new Observable<T>((subscriber) => {
    const stop = new AbortController();
    const drain = (): void => stop.abort();
    if (endless && draining.aborted) drain();
    else if (endless) draining.addEventListener('abort', drain, { once: true });

    const pump = async (): Promise<void> => {
      for await (const message of source(stop.signal)) {
        if (stop.signal.aborted) break;
        subscriber.next(message);
        if (writable.writableNeedDrain) await once(writable, 'drain', { signal: stop.signal });
      }
    };
    const finish = (error?: unknown): void => {
      if (endless && draining.aborted) subscriber.error(comeBack());
      else if (error === undefined) subscriber.complete();
      else subscriber.error(error);
    };
    pump().then(
      () => finish(),
      (error: unknown) => finish(error ?? new Error('the stream failed without a reason')),
    );
    return () => {
      stop.abort();
      draining.removeEventListener('abort', drain);
    };
  });
}

function comeBack(): DomainError {
  return new DomainError('UNAVAILABLE', 'DRAINING', 'this instance shuts down; open the stream again');
}

const READ_AHEAD = 16;

/** The messages of a client-streaming method, one by one and under flow control. Throws when the client breaks off. */
export async function* messagesOf<T>(requests: Observable<T>): AsyncGenerator<T, void, undefined> {
  const { call } = currentCall();
  const readable = call as unknown as ServerReadableStream<T, unknown>;
  const queue: T[] = [];
  let ended = false;
  let failure: unknown;
  let wake: (() => void) | undefined;
  const end = (error?: unknown): void => {
    failure = error;
    ended = true;
    wake?.();
  };
  const subscription = requests.subscribe({
    next(message) {
      if (queue.push(message) >= READ_AHEAD) readable.pause();
      wake?.();
    },
    error: end,
    complete: () => end(),
  });
  try {
    for (;;) {
      for (let message = queue.shift(); message !== undefined; message = queue.shift()) {
        yield message;
        if (queue.length === 0) readable.resume();
      }
      if (failure !== undefined) throw failure;
      if (ended) return;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    subscription.unsubscribe();
  }
}

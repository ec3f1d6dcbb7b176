import type { Metadata } from '@grpc/grpc-js';
import { Observable } from 'rxjs';
import { DomainError } from '#kernel/errors.js';
import type { AnyCall } from './current-call.js';

const RESET_MS = 10;

type Buffered = Observable<unknown> & { readonly drainBuffer?: () => void };

/**
 * Wraps the handler of a method that takes a stream, for two things that Nest's observable of messages does otherwise.
 *
 * It holds the messages back until the handler has returned, and for ever where the handler is async and waits for them:
 * here they are let go when somebody listens.
 *
 * And it completes when the client breaks off, so that half an upload passes for a whole one: here that is an error. A
 * Node client closes its side of the stream before it resets it, so the end waits a moment for the news. On a slow network
 * that may be too short: what must be whole says its size or digest itself.
 */
export function withWholeRequests(handler: Function): Function {
  return (messages: Buffered, metadata: Metadata, call: AnyCall) => {
    const whole = new Observable((subscriber) => {
      const end = (): void => {
        if (call.cancelled) subscriber.error(new DomainError('UNAVAILABLE', 'CALL_CANCELLED', 'the client broke off'));
        else subscriber.complete();
      };
      const subscription = messages.subscribe({
        next: (message) => subscriber.next(message),
        error: (error: unknown) => subscriber.error(error),
        complete: () => setTimeout(end, RESET_MS),
      });
      messages.drainBuffer?.();
      return subscription;
    });
    return handler(whole, metadata, call);
  };
}

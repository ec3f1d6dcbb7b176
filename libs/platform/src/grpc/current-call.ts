import type { EventEmitter } from 'node:events';
import type { ServerUnaryCall } from '@grpc/grpc-js';
import { currentContext } from '../context.js';

/** What calls of all four kinds have in common. */
export type AnyCall = EventEmitter &
  Pick<ServerUnaryCall<unknown, unknown>, 'metadata' | 'cancelled' | 'getPath' | 'getDeadline'>;

/** The gRPC call that is being handled. */
export interface CurrentCall {
  readonly call: AnyCall;
  /** Fires when the service begins to shut down. */
  readonly draining: AbortSignal;
}

export function currentCall(): CurrentCall {
  const current = currentContext()?.grpc;
  if (!current) throw new Error('there is no gRPC call here');
  return current;
}

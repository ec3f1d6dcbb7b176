import type { Metadata } from '@grpc/grpc-js';
import type { Caller } from '#kernel/caller.js';
import { DomainError } from '#kernel/errors.js';

const callers = new WeakMap<Metadata, Caller>();

export function rememberCaller(metadata: Metadata, caller: Caller): void {
  callers.set(metadata, caller);
}

/** Who makes this call: pass the metadata that the controller method got. Methods marked public may have none. */
export function callerOf(metadata: Metadata | undefined): Caller {
  const caller = callerIfKnown(metadata);
  if (!caller) throw tokenMissing();
  return caller;
}

/** For public methods that treat somebody signed in differently. */
export function callerIfKnown(metadata: Metadata | undefined): Caller | undefined {
  return metadata && callers.get(metadata);
}

export function tokenMissing(): DomainError {
  return new DomainError('UNAUTHENTICATED', 'TOKEN_MISSING', 'send an access token as authorization: Bearer …');
}

import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Caller } from '#kernel/caller.js';
import type { CurrentCall } from './grpc/current-call.js';

/** What is known about the call or the event that is being worked on: for logs and for calls to other services. */
export interface RequestContext {
  /** W3C trace context: 32 hex digits, shared by all that one request causes. */
  readonly traceId: string;
  /** 16 hex digits: this piece of work. */
  readonly spanId: string;
  /** `priolane.tickets.v1.TicketService/CreateTicket`, or the name of a consumer or a job. */
  readonly method: string;
  /** Set once the token was verified. */
  caller?: Caller;
  /** Only inside a gRPC call; see `currentCall()`. */
  readonly grpc?: CurrentCall;
}

const storage = new AsyncLocalStorage<RequestContext>();
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;

export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}

export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** Goes on with the trace of a `traceparent` header, or starts one where there is none or it is malformed. */
export function newContext(method: string, traceparent?: string, grpc?: CurrentCall): RequestContext {
  const parent = traceparent === undefined ? null : TRACEPARENT.exec(traceparent);
  const parentTrace = parent?.[1];
  const traceId = parentTrace && !/^0+$/.test(parentTrace) ? parentTrace : randomHex();
  return { traceId, spanId: randomHex().slice(0, 16), method, grpc };
}

/** 32 digits. Node draws UUIDs from a buffer of random bytes, so this is cheap enough for every call. */
function randomHex(): string {
  return randomUUID().replaceAll('-', '');
}

/** The header for outgoing calls and events, or undefined outside of any request. */
export function traceparent(): string | undefined {
  const context = storage.getStore();
  return context && `00-${context.traceId}-${context.spanId}-01`;
}

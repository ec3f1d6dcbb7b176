import { setTimeout as delay } from 'node:timers/promises';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import { GrpcMethodStreamingType, ServerGrpc } from '@nestjs/microservices';
import { newContext, runInContext } from '../context.js';
import type { CallMetrics } from '../health/metrics.js';
import type { AnyCall } from './current-call.js';
import { withWholeRequests } from './request-stream.js';

export interface GrpcServerOptions {
  /** Where to listen; port 0 takes a free one, see `address`. */
  readonly url: string;
  readonly packages: readonly string[];
  readonly definition: PackageDefinition;
  readonly maxMessageBytes: number;
  readonly metrics: CallMetrics;
  /** Adds what is not a controller: health, reflection. */
  readonly extend: (server: Server) => void;
  /** A failure outside of every handler, which the error filter cannot have seen. */
  readonly onDefect: (error: unknown) => void;
}

type Outcome = { readonly code?: unknown } | null;
type Respond = (error: Outcome, ...rest: unknown[]) => void;
type Method = (call: AnyCall, respond?: Respond) => Promise<void>;
type Native = { readonly path: string };

/** After the last call has ended, its answer still has to leave the socket. */
const FLUSH_MS = 250;

/**
 * Nest's gRPC server, with what it lacks: each call runs in its request context and is measured, all methods are there
 * before the port opens, and draining has an end.
 */
export class GrpcServer extends ServerGrpc {
  private readonly drainer = new AbortController();
  private boundPort = 0;
  private active = 0;
  private onIdle?: () => void;

  constructor(private readonly settings: GrpcServerOptions) {
    super({ package: [...settings.packages], packageDefinition: settings.definition, url: settings.url });
  }

  /** `host:port` as it was bound. */
  get address(): string {
    return `${this.url.slice(0, this.url.lastIndexOf(':'))}:${this.boundPort}`;
  }

  override async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      const server = new Server({
        'grpc.max_receive_message_length': this.settings.maxMessageBytes,
        'grpc.max_send_message_length': this.settings.maxMessageBytes,
        'grpc.keepalive_time_ms': 60_000,
        'grpc.keepalive_timeout_ms': 20_000,
      });
      this.grpcClient = server;
      await this.bindEvents();
      this.settings.extend(server);
      this.boundPort = await bind(server, this.url);
      callback();
    } catch (error) {
      callback(error);
    }
  }

  override createServiceMethod(handler: Function, native: Native, kind: GrpcMethodStreamingType): Method {
    const careful = kind === GrpcMethodStreamingType.RX_STREAMING ? withWholeRequests(handler) : handler;
    const run = super.createServiceMethod(careful, native, kind) as Method;
    const method = native.path.slice(1);
    const draining = this.drainer.signal;
    return async (call, respond) => {
      const context = newContext(method, call.metadata.get('traceparent')[0]?.toString(), { call, draining });
      const answer = this.measure(method, call, respond);
      this.active += 1;
      try {
        await runInContext(context, () => run(call, answer));
      } catch (error) {
        runInContext(context, () => this.settings.onDefect(error));
        const failed = { code: status.INTERNAL, details: `internal error, trace ${context.traceId}` };
        if (answer) answer(failed);
        else call.emit('error', failed);
      } finally {
        this.active -= 1;
        if (this.active === 0) this.onIdle?.();
      }
    };
  }

  /** Takes no new calls and lets those under way finish, for `graceMs` at most; whatever is left then is cut off. */
  async drain(graceMs: number): Promise<void> {
    const server = this.grpcClient as Server | undefined;
    if (!server) return;
    this.grpcClient = undefined;
    this.drainer.abort();
    const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
    const idle = new Promise<void>((resolve) => {
      this.onIdle = resolve;
      if (this.active === 0) resolve();
    });
    // Streams that are not handlers of ours, such as a health watch, never end by themselves.
    const finished = idle.then(() => Promise.race([closed, delay(FLUSH_MS, undefined, { ref: false })]));
    await Promise.race([closed, finished, delay(graceMs, undefined, { ref: false })]);
    server.forceShutdown();
  }

  override async close(): Promise<void> {
    await this.drain(0);
  }

  /** Reports the call's status once, however it ends. Methods that answer with a stream have no callback. */
  private measure(method: string, call: AnyCall, respond?: Respond): Respond | undefined {
    const begun = performance.now();
    let open = true;
    const end = (outcome: Outcome): void => {
      if (!open) return;
      open = false;
      this.settings.metrics.observe(method, codeOf(outcome), performance.now() - begun);
    };
    call.once('cancelled', () => end({ code: overdue(call) ? status.DEADLINE_EXCEEDED : status.CANCELLED }));
    if (respond) {
      return (error, ...rest) => {
        end(error);
        respond(error, ...rest);
      };
    }
    call.once('error', (error: Outcome) => end(error));
    call.once('finish', () => end(null));
    return undefined;
  }
}

function codeOf(outcome: Outcome): number {
  if (!outcome) return status.OK;
  return typeof outcome.code === 'number' ? outcome.code : status.UNKNOWN;
}

function overdue(call: AnyCall): boolean {
  return Number(call.getDeadline()) <= Date.now();
}

function bind(server: Server, url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(url, ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port)));
  });
}

import { status } from '@grpc/grpc-js';
import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Injectable } from '@nestjs/common';
import { BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core';
import { type Observable, throwError } from 'rxjs';
import { currentContext } from '../context.js';
import { LOG, type Log } from '../logging/log.js';
import { asRefusal } from './failures.js';
import { type CallStatus, richStatus, statusOf } from './status.js';

/** The one place where an error becomes a gRPC status, for every kind of method. HTTP keeps Nest's own answers. */
@Catch()
@Injectable()
export class GrpcErrorFilter implements ExceptionFilter {
  private readonly answerHttp: BaseExceptionFilter['catch'];

  constructor(
    @Inject(LOG) private readonly log: Log,
    host: HttpAdapterHost,
  ) {
    const http = new BaseExceptionFilter(host.httpAdapter);
    this.answerHttp = http.catch.bind(http);
  }

  catch(error: unknown, host: ArgumentsHost): Observable<never> | void {
    if (host.getType() === 'http') return this.answerHttp(error, host);
    const refused = this.toStatus(error);
    return throwError(() => refused);
  }

  /** A defect of ours is logged with its stack; the caller learns the trace id and nothing else. */
  toStatus(error: unknown): CallStatus {
    const refusal = asRefusal(error);
    if (!refusal) {
      this.log.error({ err: error }, 'a call failed unexpectedly');
      const trace = currentContext()?.traceId ?? '';
      return richStatus(status.INTERNAL, `internal error, trace ${trace}`, 'INTERNAL', { trace_id: trace });
    }
    const { kind, reason, cause } = refusal;
    if (kind === 'UNAVAILABLE' && cause) this.log.warn({ reason, err: cause }, 'a call could not be served');
    else this.log.debug({ kind, reason }, 'a call was refused');
    return statusOf(refusal);
  }
}

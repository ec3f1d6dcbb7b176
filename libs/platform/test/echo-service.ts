import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import type { Metadata } from '@grpc/grpc-js';
import { Controller, Get, Module, Post, type RawBodyRequest, Req } from '@nestjs/common';
import { GrpcMethod, GrpcStreamMethod } from '@nestjs/microservices';
import type { Request } from 'express';
import { EMPTY, map, Observable } from 'rxjs';
import type { Timestamp } from '#contracts/generated/google/protobuf/timestamp.js';
import { protoRoot } from '#contracts/proto-root.js';
import { DomainError, invalid } from '#kernel/errors.js';
import { callerIfKnown, callerOf } from '#platform/auth/caller.js';
import { currentContext } from '#platform/context.js';
import type { AccessTable } from '#platform/grpc/startup-check.js';
import { messagesOf, streamOf } from '#platform/grpc/streams.js';
import { toTimestamp } from '#platform/grpc/timestamps.js';

export interface EchoResponse {
  readonly accountId: string;
  readonly deskId: string;
  readonly traceId: string;
  readonly big: string;
  readonly at: Timestamp | null;
  readonly never: Timestamp | null;
}

/** As ts-proto would generate it. */
export interface EchoServiceClient {
  echo(request: { behaviour?: string; big?: string }, metadata?: Metadata): Observable<EchoResponse>;
  announce(request: object, metadata?: Metadata): Observable<{ accountId: string }>;
  watch(request: { count: number; behaviour?: string }, metadata?: Metadata): Observable<{ number: number }>;
  collect(request: Observable<{ number: number }>, metadata?: Metadata): Observable<{ sum: number }>;
  converse(request: Observable<{ number: number }>, metadata?: Metadata): Observable<{ number: number }>;
}

export type EchoStreams = 'watch' | 'converse';
export const ECHO = 'priolane.testing.v1.EchoService';

/** Shows the test what happened inside a handler. */
export const seen = { waiting: 0, watchesStopped: 0, sent: 0, collected: 0, sums: 0 };

@Controller()
export class EchoController {
  @GrpcMethod('EchoService', 'echo')
  async echo(request: { behaviour: string; big: string }, metadata: Metadata): Promise<Partial<EchoResponse>> {
    const caller = callerOf(metadata);
    if (request.behaviour === 'refuse') {
      throw new DomainError('STATE', 'TICKET_SOLVED', 'the ticket is solved', {
        metadata: { current: 'SOLVED', allowed: 'REOPENED' },
      });
    }
    if (request.behaviour === 'invalid') {
      throw invalid([
        { field: 'title', description: 'is required' },
        { field: 'customer.email', description: 'is not an address — “ü”' },
      ]);
    }
    if (request.behaviour === 'flood') {
      throw invalid(Array.from({ length: 1_000 }, (_, i) => ({ field: `rows[${i}]`, description: 'is wrong' })));
    }
    if (request.behaviour === 'break') throw new TypeError('the secret inner reason');
    if (request.behaviour === 'deadlock') throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    if (request.behaviour === 'database-down') {
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    }
    if (request.behaviour === 'wait') {
      seen.waiting += 1;
      await delay(Number(request.big), undefined, { ref: false });
    }
    return {
      accountId: caller.accountId,
      deskId: caller.deskId,
      traceId: currentContext()!.traceId,
      big: request.big,
      at: toTimestamp(new Date('2026-03-02T09:00:00.250Z')),
    };
  }

  @GrpcMethod('EchoService', 'announce')
  announce(_request: object, metadata: Metadata): { accountId: string } {
    return { accountId: callerIfKnown(metadata)?.accountId ?? '' };
  }

  @GrpcMethod('EchoService', 'watch')
  watch({ count, behaviour }: { count: number; behaviour: string }): Observable<{ number: number }> {
    return streamOf(
      async function* numbers(stop) {
        for (let number = 1; number <= count; number += 1) {
          seen.sent = number;
          yield { number };
        }
        if (behaviour === 'fail') throw new DomainError('EXHAUSTED', 'WATCH_FULL', 'no more');
        if (behaviour === 'break') throw new Error('the secret inner reason');
        if (behaviour !== 'endless') return;
        await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
        seen.watchesStopped += 1;
      },
      { endless: behaviour === 'endless' },
    );
  }

  @GrpcStreamMethod('EchoService', 'collect')
  async collect(requests: Observable<{ number: number }>): Promise<{ sum: number }> {
    let sum = 0;
    for await (const { number } of messagesOf(requests)) {
      sum += number;
      seen.collected += 1;
    }
    if (sum < 0) throw new DomainError('INVALID', 'SUM_NEGATIVE', 'the sum is negative');
    seen.sums += 1;
    return { sum };
  }

  @GrpcStreamMethod('EchoService', 'converse')
  converse(requests: Observable<{ number: number }>): Observable<{ number: number }> {
    return requests.pipe(map(({ number }) => ({ number: number * 2 })));
  }
}

@Controller()
export class WebhookController {
  @Post('webhook')
  receive(@Req() request: RawBodyRequest<Request>): { raw: string } {
    return { raw: request.rawBody!.toString('utf8') };
  }

  @Get('broken')
  broken(): never {
    throw new Error('the secret inner reason');
  }
}

@Module({ controllers: [EchoController, WebhookController] })
export class EchoModule {}

@Controller()
class HalfController {
  @GrpcMethod('EchoService', 'echo')
  echo(): object {
    return {};
  }

  @GrpcMethod('EchoService', 'anounce')
  announce(): object {
    return {};
  }

  @GrpcMethod('EchoService', 'watch')
  watch(): Observable<never> {
    return EMPTY;
  }
}

/** Lacks three handlers, one of them by a slip of the pen. */
@Module({ controllers: [HalfController] })
export class HalfModule {}

const agents = { public: false, roles: ['agent', 'lead'], clientStreaming: false, serverStreaming: false } as const;

export const ECHO_ACCESS: AccessTable = {
  [`${ECHO}/Echo`]: agents,
  [`${ECHO}/Announce`]: { ...agents, public: true, roles: [] },
  [`${ECHO}/Watch`]: { ...agents, serverStreaming: true },
  [`${ECHO}/Collect`]: { ...agents, clientStreaming: true },
  [`${ECHO}/Converse`]: { ...agents, clientStreaming: true, serverStreaming: true },
};

export const echo = {
  name: 'echo',
  packages: ['priolane.testing.v1'],
  module: EchoModule,
  access: ECHO_ACCESS,
  protoRoots: [join(import.meta.dirname, 'proto'), protoRoot()],
};

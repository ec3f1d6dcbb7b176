import { setTimeout as delay } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { closeClient, createClient, type PromiseClient } from '#platform/grpc/client.js';
import { RpcError } from '#platform/grpc/rpc-error.js';
import { fromTimestamp } from '#platform/grpc/timestamps.js';
import { runInContext } from '#platform/context.js';
import { createLog } from '#platform/logging/log.js';
import { type ServiceUnderTest, startService } from '#testing/grpc.js';
import { eventually } from '#testing/neighbours.js';
import { ECHO, type EchoServiceClient, type EchoStreams, echo, seen } from './echo-service.js';
import { LogLines } from './log-lines.js';

type EchoClient = PromiseClient<EchoServiceClient, EchoStreams>;

async function failure(call: Promise<unknown>): Promise<RpcError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(RpcError);
  return error as RpcError;
}

async function numbers(stream: AsyncIterable<{ number: number }>): Promise<number[]> {
  const all: number[] = [];
  for await (const { number } of stream) all.push(number);
  return all;
}

describe('a service over gRPC', () => {
  const lines = new LogLines();
  let service: ServiceUnderTest;
  let agent: EchoClient;

  beforeAll(async () => {
    const log = createLog({ service: 'echo', level: 'debug', destination: lines });
    service = await startService({ ...echo, log });
    agent = service.client<EchoServiceClient, EchoStreams>(ECHO, { roles: ['agent'], accountId: 'a-1', deskId: 'fleet' });
  });
  afterAll(() => service.close());

  it('answers who called, with int64 as a string, timestamps as messages and unset messages as null', async () => {
    const answer = await agent.echo({ big: '9007199254740993' });
    expect(answer).toMatchObject({ accountId: 'a-1', deskId: 'fleet', big: '9007199254740993', never: null });
    expect(fromTimestamp(answer.at!)).toEqual(new Date('2026-03-02T09:00:00.250Z'));
  });

  it('goes on with the trace of the caller', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const context = { traceId, spanId: 'b7ad6b7169203331', method: 'test' };
    const answer = await runInContext(context, () => agent.echo({}));
    expect(answer.traceId).toBe(traceId);
    expect((await agent.echo({})).traceId).toMatch(/^(?!0af76519)[0-9a-f]{32}$/);
  });

  describe('refusals', () => {
    it('carry code, reason and metadata', async () => {
      expect(await failure(agent.echo({ behaviour: 'refuse' }))).toMatchObject({
        code: status.FAILED_PRECONDITION,
        reason: 'TICKET_SOLVED',
        message: 'the ticket is solved',
        metadata: { current: 'SOLVED', allowed: 'REOPENED' },
      });
    });

    it('carry every violation, in any script', async () => {
      expect(await failure(agent.echo({ behaviour: 'invalid' }))).toMatchObject({
        code: status.INVALID_ARGUMENT,
        reason: 'INVALID_ARGUMENT',
        violations: [
          { field: 'title', description: 'is required' },
          { field: 'customer.email', description: 'is not an address — “ü”' },
        ],
      });
    });

    it('stay below what a client takes as trailers, and say how much was left out', async () => {
      const error = await failure(agent.echo({ behaviour: 'flood' }));
      expect(error.code).toBe(status.INVALID_ARGUMENT);
      expect(error.violations.length).toBeGreaterThan(50);
      expect(Number(error.metadata['violations_omitted'])).toBe(1_000 - error.violations.length);
    });

    it('tell lost races and missing parts apart', async () => {
      expect(await failure(agent.echo({ behaviour: 'deadlock' }))).toMatchObject({ code: status.ABORTED });
      expect(await failure(agent.echo({ behaviour: 'database-down' }))).toMatchObject({ code: status.UNAVAILABLE });
    });
  });

  it('answers a defect with the trace id alone, and logs its stack', async () => {
    const error = await failure(agent.echo({ behaviour: 'break' }));
    const traceId = error.metadata['trace_id']!;
    expect(error).toMatchObject({ code: status.INTERNAL, reason: 'INTERNAL', message: `internal error, trace ${traceId}` });
    const logged = lines.find((line) => line['trace_id'] === traceId && line['level'] === 'error');
    expect(logged).toMatchObject({
      service: 'echo',
      method: `${ECHO}/Echo`,
      desk: 'fleet',
      err: { type: 'TypeError', message: 'the secret inner reason', stack: expect.stringContaining('echo-service') },
    });
  });

  it('keeps deadlines', async () => {
    const begun = performance.now();
    const error = await failure(agent.echo({ behaviour: 'wait', big: '60000' }, { deadlineMs: 100 }));
    expect(error.code).toBe(status.DEADLINE_EXCEEDED);
    expect(performance.now() - begun).toBeLessThan(30_000);
  });

  it('sets a deadline where the caller did not', async () => {
    const token = await service.tokens.tokenFor({ roles: ['agent'] });
    const hasty = createClient<EchoServiceClient>(ECHO, service.grpcAddress, {
      deadlineMs: 50,
      token: () => token,
      protoRoots: echo.protoRoots,
    });
    expect(await failure(hasty.echo({ behaviour: 'wait', big: '60000' }))).toMatchObject({
      code: status.DEADLINE_EXCEEDED,
    });
    closeClient(hasty);
  });

  describe('streams', () => {
    it('of answers', async () => {
      expect(await numbers(agent.watch({ count: 3 }))).toEqual([1, 2, 3]);
    });

    it('of answers keep what came before an error', async () => {
      const got: number[] = [];
      const error = await failure(
        (async () => {
          for await (const { number } of agent.watch({ count: 3, behaviour: 'fail' })) got.push(number);
        })(),
      );
      expect(got).toEqual([1, 2, 3]);
      expect(error).toMatchObject({ code: status.RESOURCE_EXHAUSTED, reason: 'WATCH_FULL' });
    });

    it('hide a defect as calls do', async () => {
      const error = await failure(numbers(agent.watch({ count: 1, behaviour: 'break' })));
      expect(error).toMatchObject({ code: status.INTERNAL, reason: 'INTERNAL' });
      expect(lines.find((line) => line['trace_id'] === error.metadata['trace_id'])).toMatchObject({
        err: { message: 'the secret inner reason' },
      });
    });

    it('are refused without the role', async () => {
      const customer = service.client<EchoServiceClient, EchoStreams>(ECHO, { roles: ['customer'] });
      expect(await failure(numbers(customer.watch({ count: 1 })))).toMatchObject({ reason: 'ROLE_REQUIRED' });
      expect(await failure(customer.collect([{ number: 1 }]))).toMatchObject({ reason: 'ROLE_REQUIRED' });
      expect(await failure(numbers(customer.converse([{ number: 1 }])))).toMatchObject({ reason: 'ROLE_REQUIRED' });
    });

    it('do not run ahead of a client that reads slowly', async () => {
      seen.sent = 0;
      for await (const { number } of agent.watch({ count: 1_000_000 })) {
        if (number === 5) await delay(300);
        if (number === 6) break;
      }
      expect(seen.sent).toBeLessThan(200_000);
    });

    it('stop their source when the client leaves', async () => {
      const before = seen.watchesStopped;
      for await (const { number } of agent.watch({ count: 2, behaviour: 'endless' })) if (number === 2) break;
      await eventually('the end of the watch', async () => seen.watchesStopped === before + 1);
    });

    it('of requests', async () => {
      const many = Array.from({ length: 500 }, (_, i) => ({ number: i + 1 }));
      expect(await agent.collect(many)).toEqual({ sum: 125_250 });
      expect(await agent.collect([])).toEqual({ sum: 0 });
      expect(await failure(agent.collect([{ number: -1 }]))).toMatchObject({ reason: 'SUM_NEGATIVE' });
    });

    it('that break off are not taken for whole', async () => {
      const before = { ...seen };
      async function* brokenOff(): AsyncGenerator<{ number: number }> {
        yield { number: 1 };
        await eventually('what was sent', async () => seen.collected === before.collected + 1);
        throw new Error('the file cannot be read');
      }
      await expect(agent.collect(brokenOff())).rejects.toThrow('the file cannot be read');
      await eventually('the log line', async () => lines.some((line) => line['reason'] === 'CALL_CANCELLED'));
      expect(seen.sums).toBe(before.sums);
    });

    it('in both directions', async () => {
      expect(await numbers(agent.converse([{ number: 1 }, { number: 21 }]))).toEqual([2, 42]);
    });
  });

  it('counts calls by method and code', async () => {
    await agent.echo({});
    const response = await fetch(`http://127.0.0.1:${service.httpPort}/metrics`);
    const text = await response.text();
    const ok = text.split('\n').find((line) => /_count\{.*EchoService\/Echo",grpc_code="OK"/.test(line));
    expect(ok).toMatch(/^grpc_server_handling_seconds_count\{service="echo",.*\} [1-9]\d*$/);
    expect(text).toMatch(/grpc_code="DEADLINE_EXCEEDED"/);
    expect(text).toMatch(/EchoService\/Watch",grpc_code="RESOURCE_EXHAUSTED"/);
    expect(text).toContain('process_cpu_seconds_total');
  });
});

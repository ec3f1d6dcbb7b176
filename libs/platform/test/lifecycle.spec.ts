import { setTimeout as delay } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { composeService } from '#platform/compose.js';
import { Readiness } from '#platform/health/readiness.js';
import { createLog } from '#platform/logging/log.js';
import { type ServiceUnderTest, startService, testEnv } from '#testing/grpc.js';
import { TestTokens } from '#testing/tokens.js';
import { ECHO, ECHO_ACCESS, type EchoServiceClient, type EchoStreams, echo, HalfModule, seen } from './echo-service.js';
import { LogLines } from './log-lines.js';
import { healthOf, reflect, watchHealth } from './standard-services.js';

describe('the start', () => {
  it('fails on declared methods without a handler and on handlers of nothing, and names them all', async () => {
    const { keySource } = await TestTokens.create();
    const start = composeService({ ...echo, module: HalfModule, env: testEnv(), keySource });
    const error = await start.catch((thrown: Error) => thrown.message);
    expect(error).toContain(`${ECHO}/Announce has no handler`);
    expect(error).toContain(`${ECHO}/Collect has no handler`);
    expect(error).toContain(`${ECHO}/Converse has no handler`);
    expect(error).toContain('"rpc":"anounce","streaming":"no_stream"} belongs to no declared method');
    expect(error).not.toContain(`${ECHO}/Echo has`);
  });

  it('fails on methods that do not say who may call them', async () => {
    const { keySource } = await TestTokens.create();
    const { [`${ECHO}/Watch`]: _unmarked, ...access } = ECHO_ACCESS;
    const start = composeService({ ...echo, access, env: testEnv(), keySource });
    await expect(start).rejects.toThrow(`${ECHO}/Watch has no access mark`);
  });

  it('fails when nobody would publish the signing keys', async () => {
    await expect(composeService({ ...echo, env: testEnv() })).rejects.toThrow('ACCOUNTS_GRPC_URL is required');
  });

  it('says in one line what is served', async () => {
    const lines = new LogLines();
    const log = createLog({ service: 'echo', level: 'info', destination: lines });
    const service = await startService({ ...echo, log });
    await service.close();
    expect(lines.all()).toEqual([expect.objectContaining({ message: 'echo is serving', grpc: service.grpcAddress })]);
  });
});

describe('beside the declared methods', () => {
  let service: ServiceUnderTest;

  beforeAll(async () => {
    service = await startService(echo);
  });
  afterAll(() => service.close());

  const get = (path: string) => fetch(`http://127.0.0.1:${service.httpPort}/${path}`);

  it('answers health, for all and for each service', async () => {
    expect(await healthOf(service.grpcAddress, '')).toBe('SERVING');
    expect(await healthOf(service.grpcAddress, ECHO)).toBe('SERVING');
    await expect(healthOf(service.grpcAddress, 'nothing')).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  it('answers reflection, and not where it is switched off', async () => {
    expect(await reflect(service.grpcAddress)).toMatchObject({
      names: expect.arrayContaining([ECHO]),
      descriptor: expect.stringContaining('ConverseRequest'),
    });
    const silent = await startService({ ...echo, env: testEnv({ GRPC_REFLECTION: 'false' }) });
    await expect(reflect(silent.grpcAddress)).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
    await silent.close();
  });

  it('answers probes, and readiness follows its checks', async () => {
    expect((await get('healthz')).status).toBe(200);
    expect((await get('readyz')).status).toBe(200);
    service.app.get(Readiness).add('bus', () => Promise.reject(new Error('no broker answers')));
    const unready = await get('readyz');
    expect(unready.status).toBe(503);
    expect(await unready.json()).toMatchObject({ ready: false, checks: { bus: 'no broker answers', serving: 'ok' } });
  });

  it('gives webhooks the raw body, and hides a defect', async () => {
    const body = '{ "id" : "evt_1" }';
    const url = `http://127.0.0.1:${service.httpPort}/webhook`;
    const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect(await response.json()).toEqual({ raw: body });
    const broken = await get('broken');
    expect(broken.status).toBe(500);
    expect(await broken.text()).not.toContain('secret');
  });
});

describe('the end', () => {
  it('lets calls under way finish, sends endless streams away, and takes no new ones', async () => {
    const service = await startService({ ...echo, env: testEnv({ SHUTDOWN_GRACE_MS: '120000' }) });
    const agent = service.client<EchoServiceClient, EchoStreams>(ECHO, { roles: ['agent'] });
    const health = watchHealth(service.grpcAddress);
    await health.until('SERVING');
    const numbers = agent.watch({ count: 1, behaviour: 'endless' })[Symbol.asyncIterator]();
    await numbers.next();
    const before = seen.waiting;
    const underWay = agent.echo({ behaviour: 'wait', big: '300' });
    while (seen.waiting === before) await delay(5);

    const sentAway = expect(numbers.next()).rejects.toMatchObject({ code: status.UNAVAILABLE, reason: 'DRAINING' });
    const begun = performance.now();
    const closing = service.close();
    await health.until('NOT_SERVING');
    await sentAway;
    expect(await underWay).toMatchObject({ big: '300' });
    await closing;
    expect(performance.now() - begun).toBeLessThan(60_000);
    await expect(fetch(`http://127.0.0.1:${service.httpPort}/healthz`)).rejects.toThrow('fetch failed');
  });

  it('has an end, whatever the calls do', async () => {
    const service = await startService(echo);
    const agent = service.client<EchoServiceClient>(ECHO, { roles: ['agent'] });
    const before = seen.waiting;
    const stuck = agent.echo({ behaviour: 'wait', big: '120000' }).catch((error: { code: number }) => error.code);
    while (seen.waiting === before) await delay(5);
    const begun = performance.now();
    await service.close();
    const took = performance.now() - begun;
    expect(took).toBeGreaterThan(900);
    expect(took).toBeLessThan(60_000);
    expect([status.CANCELLED, status.UNAVAILABLE]).toContain(await stuck);
  });
});

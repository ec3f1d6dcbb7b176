import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { run } from './cli.js';
import { card, clientFor, Receiver, refusal, SECRET, startRig, until } from './test-harness.js';

const silent = pino({ level: 'silent' });

describe('the sandbox', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'stripe-sandbox-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps everything over a restart, even after a torn write', async () => {
    const first = await startRig({ data: folder });
    const held = await first.stripe.paymentIntents.create(
      { ...card(9900), capture_method: 'manual' },
      { idempotencyKey: 'k' },
    );
    await first.control('POST', '/clock', { advance_seconds: 3600 });
    await first.sandbox.stop();
    appendFileSync(path.join(folder, 'journal.ndjson'), '[["payment_intent","pi_torn",{"id"');

    const second = await startRig({ data: folder });
    const replayed = await second.stripe.paymentIntents.create(
      { ...card(9900), capture_method: 'manual' },
      { idempotencyKey: 'k' },
    );
    expect(replayed).toEqual(held);
    await second.stripe.paymentIntents.capture(held.id, { amount_to_capture: 4900 });
    await second.sandbox.stop();

    const third = await startRig({ data: folder });
    expect(await third.stripe.paymentIntents.retrieve(held.id)).toMatchObject({
      status: 'succeeded',
      amount_received: 4900,
    });
    expect((await third.stripe.paymentIntents.list()).data).toHaveLength(1);
    expect((await third.stripe.events.list()).data).toHaveLength(5);
    const { now } = await third.control<{ now: string }>('GET', '/clock');
    expect(Date.parse(now) - Date.now()).toBeGreaterThan(3_500_000);
    await third.sandbox.stop();
  });

  it('goes on sending after a restart what was not taken before', async () => {
    const receiver = await Receiver.start();
    receiver.answers = [500];
    const webhook = { url: receiver.url, secret: SECRET };
    const first = await startRig({ data: folder, webhook, firstRetryMs: 60_000 });
    await first.stripe.paymentIntents.create({ amount: 490, currency: 'eur' });
    await until(() => receiver.attempts.length === 1);
    await first.sandbox.stop();
    const second = await startRig({ data: folder, webhook });
    await until(() => receiver.received.length === 1);
    expect(receiver.types()).toEqual(['payment_intent.created']);
    expect((await second.stripe.webhookEndpoints.list()).data).toHaveLength(1);
    await second.sandbox.stop();
    await receiver.stop();
  });

  it('reads the shared clock file at each use, and writes it when told to move', async () => {
    const clockFile = path.join(folder, 'clock.json');
    const rig = await startRig({ clockFile });
    const created = async (): Promise<number> =>
      (await rig.stripe.paymentIntents.create({ amount: 490, currency: 'eur' })).created -
      Math.floor(Date.now() / 1000);
    expect(Math.abs(await created())).toBeLessThan(5);
    writeFileSync(clockFile, JSON.stringify({ offsetMs: 86_400_000 }));
    expect(Math.abs((await created()) - 86_400)).toBeLessThan(5);
    await rig.control('POST', '/clock', { advance_seconds: 86_400 });
    const other = await startRig({ clockFile });
    const { now } = await other.control<{ now: string }>('GET', '/clock');
    expect(Math.abs(Date.parse(now) - Date.now() - 2 * 86_400_000)).toBeLessThan(5000);
    await rig.sandbox.stop();
    await other.sandbox.stop();
  });

  it('pages, filters and expands lists', async () => {
    const rig = await startRig();
    const ids: string[] = [];
    for (let n = 0; n < 12; n += 1) ids.push((await rig.stripe.paymentIntents.create(card(490 + n))).id);
    const page = await rig.stripe.paymentIntents.list({ limit: 5 });
    expect(page).toMatchObject({ has_more: true, url: '/v1/payment_intents' });
    expect(page.data.map((i) => i.id)).toEqual(ids.slice(7).toReversed());
    const next = await rig.stripe.paymentIntents.list({ limit: 5, starting_after: String(ids[7]) });
    expect(next.data[0]?.id).toBe(ids[6]);
    const back = await rig.stripe.paymentIntents.list({ limit: 5, ending_before: String(ids[6]) });
    expect(back.data.map((i) => i.id)).toEqual(page.data.map((i) => i.id));
    expect(await rig.stripe.paymentIntents.list({ limit: 5 }).autoPagingToArray({ limit: 100 })).toHaveLength(12);
    const future = { gte: Math.floor(Date.now() / 1000) + 100 };
    expect((await rig.stripe.charges.list({ created: future })).data).toEqual([]);

    const charges = await rig.stripe.charges.list({
      payment_intent: String(ids[3]),
      expand: ['data.balance_transaction', 'data.payment_intent.customer', 'data.refunds'],
    });
    expect(charges.data).toMatchObject([
      { balance_transaction: { amount: 493 }, payment_intent: { id: ids[3], customer: null }, refunds: { data: [] } },
    ]);
    const [line] = (await rig.stripe.balanceTransactions.list({ limit: 1, expand: ['data.source'] })).data;
    expect(line?.source).toMatchObject({ object: 'charge', payment_intent: ids[11] });
    const wrong = await refusal(rig.stripe.charges.list({ expand: ['data.currency'] }));
    expect(wrong.message).toMatch(/cannot be expanded/);
    await rig.sandbox.stop();
  });

  it('says what it is in every answer, and wants a test key', async () => {
    const sandbox = await run(['--port', '0', '--data', folder], 'development', silent);
    const health = await fetch(`${sandbox.url}/healthz`);
    expect(health.headers.get('stripe-sandbox')).toMatch(/not Stripe/);
    expect(await health.json()).toMatchObject({ status: 'ok' });
    expect((await fetch(`${sandbox.url}/v1/payment_intents`)).status).toBe(401);
    const unknown = await fetch(`${sandbox.url}/v1/subscriptions`);
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: { type: 'invalid_request_error' } }]);
    const garbled = await fetch(`${sandbox.url}/sandbox/clock`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{',
    });
    expect([garbled.status, await garbled.json()]).toMatchObject([400, { error: { type: 'invalid_request_error' } }]);
    const { lastResponse } = await clientFor(sandbox.url).balance.retrieve();
    expect(lastResponse.requestId).toMatch(/^req_/);
    expect(lastResponse.apiVersion).toMatch(/^\d{4}-\d{2}-\d{2}/);
    await sandbox.stop();
  });

  it('refuses to start in production, or with half a webhook', async () => {
    await expect(run(['--port', '0'], 'production', silent)).rejects.toThrow(/production/);
    await expect(run(['--port', '0', '--webhook', 'http://127.0.0.1:9/'], undefined, silent)).rejects.toThrow(
      /go together/,
    );
  });

  it('stops within a second while a call hangs', async () => {
    const rig = await startRig();
    await rig.control('POST', '/faults', { kind: 'timeout_before' });
    const hanging = refusal(rig.stripe.paymentIntents.list());
    await until(async () => (await rig.control<{ data: object[] }>('GET', '/faults')).data.length === 0);
    const started = performance.now();
    await rig.sandbox.stop();
    expect(performance.now() - started).toBeLessThan(1000);
    expect((await hanging).type).toBe('StripeConnectionError');
  });
});

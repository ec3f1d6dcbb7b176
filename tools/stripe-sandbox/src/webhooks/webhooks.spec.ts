import { card, Receiver, type Rig, SECRET, startRig, until } from '../test-harness.js';

const PAID = ['payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded'];

describe('webhooks', () => {
  let rig: Rig;
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await Receiver.start();
    rig = await startRig({ webhook: { url: receiver.url, secret: SECRET } });
  });
  afterEach(async () => {
    await rig.sandbox.stop();
    await receiver.stop();
  });

  const pay = (): Promise<unknown> => rig.stripe.paymentIntents.create(card(490), { idempotencyKey: 'key-1' });
  const waiting = async (status: string): Promise<number> =>
    (await rig.control<{ data: unknown[] }>('GET', `/deliveries?status=${status}`)).data.length;

  it('delivers signed events in order, with the request that caused them', async () => {
    await pay();
    await until(() => receiver.received.length === 3);
    expect(receiver.types()).toEqual(PAID);
    expect(receiver.received[0]).toMatchObject({
      object: 'event',
      request: { idempotency_key: 'key-1' },
      livemode: false,
    });
    await until(async () => (await waiting('delivered')) === 3);
    const [newest] = (await rig.stripe.events.list({ limit: 1 })).data;
    expect(newest?.pending_webhooks).toBe(0);
  });

  it('repeats a delivery until it is taken', async () => {
    receiver.answers = [500, 302, 404];
    await pay();
    await until(() => receiver.received.length === 3);
    expect(receiver.attempts.filter((status) => status >= 300)).toHaveLength(3);
    expect(receiver.types().toSorted()).toEqual(PAID.toSorted());
  });

  it('sends duplicates on demand', async () => {
    await pay();
    await until(() => receiver.received.length === 3);
    const id = String(receiver.received[2]?.id);
    await rig.control('POST', `/events/${id}/redeliver`, { times: 2 });
    await until(() => receiver.received.length === 5);
    expect(receiver.received.slice(2).map((event) => event.id)).toEqual([id, id, id]);
  });

  it('holds what happens for days and then sends it in reverse', async () => {
    await rig.control('POST', '/webhooks/hold');
    await pay();
    await rig.control('POST', '/clock', { advance_seconds: 3 * 86_400 });
    expect(await waiting('held')).toBe(3);
    expect(receiver.attempts).toEqual([]);
    await rig.control('POST', '/webhooks/release', { order: 'reverse' });
    await until(() => receiver.received.length === 3);
    expect(receiver.types()).toEqual(PAID.toReversed());
  });

  it('loses what it is told to lose; polling finds it', async () => {
    await rig.control('POST', '/webhooks/drop', { next: 2 });
    await pay();
    await until(() => receiver.received.length === 1);
    expect(receiver.types()).toEqual(['payment_intent.succeeded']);
    const lost = await rig.stripe.events.list({ delivery_success: false });
    expect(lost.data.map((event) => event.type)).toEqual(['charge.succeeded', 'payment_intent.created']);
    const event = await rig.stripe.events.retrieve(String(lost.data[0]?.id));
    expect(event.data.object).toMatchObject({ object: 'charge', amount: 490 });
  });

  it('sends to endpoints made through the API what they asked for', async () => {
    const made = await rig.stripe.webhookEndpoints.create({
      url: 'http://127.0.0.1:9/never',
      enabled_events: ['charge.succeeded'],
    });
    expect(made.secret).toMatch(/^whsec_/);
    const { data } = await rig.stripe.webhookEndpoints.list();
    expect(data.map((e) => [e.url, e.secret])).toEqual([
      [made.url, undefined],
      [receiver.url, undefined],
    ]);
    await pay();
    await until(async () => (await waiting('delivered')) === 3);
    const { data: unsent } = await rig.control<{ data: object[] }>('GET', '/deliveries?status=pending');
    expect(unsent).toMatchObject([{ event_type: 'charge.succeeded', endpoint: made.id }]);
    await rig.stripe.webhookEndpoints.del(made.id);
    await until(async () => (await waiting('dropped')) === 1);
  });
});

import type { Stripe } from 'stripe';
import { card, clientFor, refusal, type Rig, startRig } from '../test-harness.js';

describe('calls that go wrong', () => {
  let rig: Rig;
  let stripe: Stripe;
  beforeEach(async () => {
    rig = await startRig();
    ({ stripe } = rig);
  });
  afterEach(() => rig.sandbox.stop());

  const intents = async (): Promise<number> => (await stripe.paymentIntents.list()).data.length;

  it('answers the same key and parameters with the kept answer', async () => {
    const first = await stripe.paymentIntents.create(card(490), { idempotencyKey: 'k' });
    const second = await stripe.paymentIntents.create(card(490), { idempotencyKey: 'k' });
    expect(second).toEqual(first);
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(second.lastResponse.headers['original-request']).toBe(first.lastResponse.requestId);
    expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined();
    expect(await intents()).toBe(1);
  });

  it('refuses a key with other parameters or at another endpoint', async () => {
    const made = await stripe.paymentIntents.create(card(490), { idempotencyKey: 'k' });
    const other = await refusal(stripe.paymentIntents.create(card(491), { idempotencyKey: 'k' }));
    expect(other).toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400, rawType: 'idempotency_error' });
    const elsewhere = await refusal(stripe.refunds.create({ payment_intent: made.id }, { idempotencyKey: 'k' }));
    expect(elsewhere).toMatchObject({ type: 'StripeIdempotencyError' });
    expect((await stripe.refunds.list()).data).toEqual([]);
  });

  it('keeps a declined answer, and forgets one whose parameters were wrong', async () => {
    const declined = card(490, 'eur', 'pm_card_visa_chargeDeclined');
    const once = await refusal(stripe.paymentIntents.create(declined, { idempotencyKey: 'd' }));
    const twice = await refusal(stripe.paymentIntents.create(declined, { idempotencyKey: 'd' }));
    expect(twice.payment_intent?.id).toBe(once.payment_intent?.id);
    expect(await intents()).toBe(1);
    await refusal(stripe.paymentIntents.create(card(1), { idempotencyKey: 'w' }));
    expect((await stripe.paymentIntents.create(card(490), { idempotencyKey: 'w' })).status).toBe('succeeded');
  });

  it('forgets a key after a day', async () => {
    await stripe.paymentIntents.create(card(490), { idempotencyKey: 'k' });
    await rig.control('POST', '/clock', { advance_seconds: 86_401 });
    await stripe.paymentIntents.create(card(490), { idempotencyKey: 'k' });
    expect(await intents()).toBe(2);
  });

  it('refuses a key that is in use with 409', async () => {
    await rig.control('POST', '/faults', { kind: 'slow', delay_ms: 400 });
    const slow = stripe.paymentIntents.create(card(490), { idempotencyKey: 'k' });
    await new Promise((resolve) => setTimeout(resolve, 150));
    const meanwhile = await refusal(stripe.paymentIntents.create(card(490), { idempotencyKey: 'k' }));
    expect(meanwhile).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    expect((await slow).status).toBe('succeeded');
    expect(await intents()).toBe(1);
  });

  it('makes one payment of twenty calls with one key', async () => {
    const calls = Array.from({ length: 20 }, () => stripe.paymentIntents.create(card(490), { idempotencyKey: 'k' }));
    const made = await Promise.all(calls);
    expect(new Set(made.map((intent) => intent.id)).size).toBe(1);
    expect(await intents()).toBe(1);
  });

  it.each(['error_after', 'timeout_after', 'disconnect_after'])(
    'does the work once when its answer is lost: %s',
    async (kind) => {
      // The SDK repeats a call by itself when the line breaks, so that fault has to strike twice to be seen.
      await rig.control('POST', '/faults', {
        kind,
        path: '/payment_intents',
        count: kind === 'disconnect_after' ? 2 : 1,
      });
      const impatient = clientFor(rig.sandbox.url, { timeout: 300 });
      const lost = await refusal(impatient.paymentIntents.create(card(490), { idempotencyKey: 'k' }));
      expect(lost.type).toMatch(/StripeAPIError|StripeConnectionError/);
      const replayed = await stripe.paymentIntents.create(card(490), { idempotencyKey: 'k' });
      expect(replayed.lastResponse.headers['idempotent-replayed']).toBe('true');
      expect(replayed.status).toBe('succeeded');
      expect(await intents()).toBe(1);
    },
  );

  it.each(['error_before', 'timeout_before'])('does nothing at all: %s', async (kind) => {
    await rig.control('POST', '/faults', { kind, method: 'POST', count: 1, status: 503 });
    const impatient = clientFor(rig.sandbox.url, { timeout: 300 });
    await refusal(impatient.paymentIntents.create(card(490), { idempotencyKey: 'k' }));
    expect(await intents()).toBe(0);
    const made = await stripe.paymentIntents.create(card(490), { idempotencyKey: 'k' });
    expect(made.lastResponse.headers['idempotent-replayed']).toBeUndefined();
  });
});

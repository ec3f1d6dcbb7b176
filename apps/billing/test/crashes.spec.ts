import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { status } from '@grpc/grpc-js';
import { newId } from '#kernel/ids.js';
import { eventually } from '#testing/neighbours.js';
import { refusalOf } from '#testing/refusal.js';
import { killProcess, SOURCE_OPTIONS } from '#testing/source-process.js';
import { BillingUnderTest, stateOf, type Ticketed } from './service.js';

const INTENTS = '/v1/payment_intents';

describe('between decided, called and recorded', () => {
  let under: BillingUnderTest;

  beforeAll(async () => {
    under = await BillingUnderTest.start(['webshop', 'officehours']);
  });

  afterAll(() => under?.stop());
  afterEach(async () => {
    await under.rig.control('DELETE', '/faults');
    await under.rows('DROP TRIGGER IF EXISTS crash ON purchase');
  });

  /** Whatever is written about purchases fails, as when the process dies right before. */
  const failWrites = async (): Promise<void> => {
    await under.rows(`CREATE OR REPLACE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'the process died here'; END $$`);
    await under.rows('CREATE TRIGGER crash BEFORE UPDATE ON purchase FOR EACH ROW EXECUTE FUNCTION crash()');
  };
  const purchaseOf = async (ticketId: string): Promise<string> =>
    (await under.rows<{ id: string }>('SELECT id FROM purchase WHERE ticket_id = $1', [ticketId]))[0]!.id;
  const paid = async (productId: string, desk: string, state: string): Promise<Ticketed & { readonly id: string }> => {
    const ticketed = await under.ticket(desk);
    const purchase = await under.buy(ticketed, productId);
    await under.pay(purchase);
    await under.until(ticketed.customer, purchase.id, state);
    return { ...ticketed, id: purchase.id };
  };
  const refund = (purchaseId: string, requestId: string) =>
    under
      .purchases({ deskId: 'webshop', roles: ['finance'], accountId: 'fin-1' })
      .refundPurchase({ requestId, purchaseId, amount: null, reason: 'DUPLICATE' });

  it('decided, and Stripe is away: the purchase stays, and the same request ends right', async () => {
    const ticketed = await under.ticket('webshop');
    const quote = await under.quote(ticketed, 'priority');
    const requestId = newId();
    await under.fault('error_before', INTENTS, 1_000);
    const away = await refusalOf(under.accept(ticketed.customer, quote, requestId));
    expect(away).toMatchObject({ code: status.UNAVAILABLE, reason: 'PAYMENT_PROVIDER_UNAVAILABLE' });
    const id = await purchaseOf(ticketed.ticketId);
    expect(stateOf(await under.get(ticketed.customer, id))).toBe('CREATED');
    expect(await under.intentsOf(id)).toEqual([]);
    await under.rig.control('DELETE', '/faults');
    const { purchase, clientSecret } = await under.accept(ticketed.customer, quote, requestId);
    expect([purchase!.id, stateOf(purchase!)]).toEqual([id, 'AWAITING_PAYMENT']);
    expect(clientSecret).toContain(purchase!.paymentIntentId);
    expect(await under.intentsOf(id)).toEqual([purchase!.paymentIntentId]);
  });

  it('decided, and nobody asks again: the worker goes on', async () => {
    const ticketed = await under.ticket('webshop');
    const quote = await under.quote(ticketed, 'priority');
    await under.fault('error_before', INTENTS, 3);
    await refusalOf(under.accept(ticketed.customer, quote));
    const id = await purchaseOf(ticketed.ticketId);
    await under.until(ticketed.customer, id, 'AWAITING_PAYMENT');
    expect(await under.intentsOf(id)).toHaveLength(1);
  });

  it.each(['error_after', 'disconnect_after', 'timeout_after'])('called, and the answer is lost (%s): one payment', async (kind) => {
    const ticketed = await under.ticket('webshop');
    const quote = await under.quote(ticketed, 'priority');
    await under.fault(kind, INTENTS);
    const requestId = newId();
    await under.accept(ticketed.customer, quote, requestId).catch(() => undefined);
    const id = await purchaseOf(ticketed.ticketId);
    await under.until(ticketed.customer, id, 'AWAITING_PAYMENT');
    const { purchase } = await under.accept(ticketed.customer, quote, requestId);
    expect(await under.intentsOf(id)).toEqual([purchase!.paymentIntentId]);
  });

  it('called, and not recorded: one payment', async () => {
    const ticketed = await under.ticket('webshop');
    const quote = await under.quote(ticketed, 'priority');
    await failWrites();
    expect((await refusalOf(under.accept(ticketed.customer, quote))).code).toBe(status.INTERNAL);
    const id = await purchaseOf(ticketed.ticketId);
    const [intent] = await under.intentsOf(id);
    await under.rows('DROP TRIGGER crash ON purchase');
    const purchase = await under.until(ticketed.customer, id, 'AWAITING_PAYMENT');
    expect([purchase.paymentIntentId, await under.intentsOf(id)]).toEqual([intent, [intent]]);
  });

  it('recorded a day later, when Stripe has forgotten the key: one payment', async () => {
    const ticketed = await under.ticket('webshop');
    const quote = await under.quote(ticketed, 'priority');
    await under.fault('disconnect_after', INTENTS);
    await under.fault('error_before', INTENTS, 1_000);
    await refusalOf(under.accept(ticketed.customer, quote));
    const id = await purchaseOf(ticketed.ticketId);
    await under.rig.control('POST', '/clock', { advance_seconds: 25 * 3_600 });
    await under.rig.control('DELETE', '/faults');
    const purchase = await under.until(ticketed.customer, id, 'AWAITING_PAYMENT');
    expect(await under.intentsOf(id)).toEqual([purchase.paymentIntentId]);
  });

  it.each(['error_after', 'disconnect_after'])('a refund whose answer is lost (%s) is made once', async (kind) => {
    const { id, customer } = await paid('priority', 'webshop', 'CAPTURED');
    await under.fault(kind, '/v1/refunds');
    const requestId = newId();
    await refund(id, requestId).catch(() => undefined);
    const refunded = await under.until(customer, id, 'REFUNDED');
    expect(stateOf((await refund(id, requestId)).purchase!)).toBe('REFUNDED');
    const { data } = await under.rig.stripe.refunds.list({ payment_intent: refunded.paymentIntentId });
    expect(data.map((r) => r.amount)).toEqual([490]);
  });

  it.each(['error_after', 'disconnect_after', 'error_before'])('a capture whose answer is lost (%s) is made once', async (kind) => {
    const bought = await paid('callback', 'officehours', 'AUTHORIZED');
    await under.fault(kind, '/capture');
    await under.resolve(bought, 'THIRD_PARTY');
    const captured = await under.until(bought.customer, bought.id, 'CAPTURED');
    const { data } = await under.rig.stripe.charges.list({ payment_intent: captured.paymentIntentId });
    expect(data.map((charge) => charge.amount_captured)).toEqual([9_900]);
    expect(await under.told(bought.id, 3)).toEqual(['purchase.created', 'purchase.authorized', 'purchase.captured']);
  });

  it('a process killed while it waits for Stripe leaves its work to another: one payment', async () => {
    const idle = await BillingUnderTest.start(['webshop'], { STRIPE_WORKER_INTERVAL_MS: '3600000' });
    const victim = spawnBilling({ ...idle.variables, STRIPE_WORKER_INTERVAL_MS: '100', STRIPE_TIMEOUT_MS: '60000' });
    try {
      const ticketed = await idle.ticket('webshop');
      const quote = await idle.quote(ticketed, 'priority');
      await idle.rig.control('POST', '/webhooks/hold');
      await idle.fault('error_before', INTENTS, 3);
      await idle.fault('timeout_after', INTENTS);
      await refusalOf(idle.accept(ticketed.customer, quote));
      const [row] = await idle.rows<{ id: string }>('SELECT id FROM purchase');
      await eventually('the payment at Stripe', async () => (await idle.intentsOf(row!.id)).length === 1);
      await killProcess(victim);
      expect(stateOf(await idle.get(ticketed.customer, row!.id))).toBe('CREATED');
      await idle.replica({ STRIPE_WORKER_INTERVAL_MS: '100' });
      const purchase = await idle.until(ticketed.customer, row!.id, 'AWAITING_PAYMENT');
      expect(await idle.intentsOf(row!.id)).toEqual([purchase.paymentIntentId]);
    } finally {
      victim.kill('SIGKILL');
      await idle.stop();
    }
  });

  it('one of many who buy at the same time, on two replicas, gets it', async () => {
    const other = await under.replica();
    const ticketed = await under.ticket('webshop');
    const quotes = await Promise.all(Array.from({ length: 10 }, () => under.quote(ticketed, 'priority')));
    const outcomes = await Promise.allSettled(
      quotes.map((quote, i) => under.accept(ticketed.customer, quote, newId(), i % 2 === 0 ? under.service : other)),
    );
    const refusals = outcomes.flatMap((o) => (o.status === 'rejected' ? [(o.reason as { reason: string }).reason] : []));
    expect(refusals).toEqual(Array.from({ length: 9 }, () => 'PURCHASE_EXISTS'));
    expect(await under.intentsOf(await purchaseOf(ticketed.ticketId))).toHaveLength(1);
  });

  it('one request sent many times at once is one purchase', async () => {
    const ticketed = await under.ticket('webshop');
    const quote = await under.quote(ticketed, 'priority');
    const requestId = newId();
    const answers = await Promise.all(Array.from({ length: 5 }, () => under.accept(ticketed.customer, quote, requestId)));
    expect(new Set(answers.map((answer) => `${answer.purchase!.id} ${answer.clientSecret}`)).size).toBe(1);
    expect(await under.intentsOf(answers[0]!.purchase!.id)).toHaveLength(1);
  });
});

/** The service as it is deployed, in a process of its own. */
function spawnBilling(variables: Readonly<Record<string, string>>): ChildProcess {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  return spawn(process.execPath, [...SOURCE_OPTIONS, main], {
    env: { ...process.env, NODE_OPTIONS: '', ...variables, HTTP_PORT: '0', ACCOUNTS_GRPC_URL: '127.0.0.1:1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

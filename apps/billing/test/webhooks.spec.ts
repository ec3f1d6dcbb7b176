import { Stripe } from 'stripe';
import { eventually } from '#testing/neighbours.js';
import { SECRET } from '../../../tools/stripe-sandbox/src/test-harness.js';
import { BillingUnderTest, type Ticketed } from './service.js';

const { webhooks } = new Stripe('sk_test_tests');

describe('what Stripe tells us', () => {
  let under: BillingUnderTest;

  beforeAll(async () => {
    under = await BillingUnderTest.start(['webshop', 'officehours']);
  });

  afterAll(() => under?.stop());

  const post = async (body: string, signature: string): Promise<number> => {
    const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
    return (await fetch(`http://127.0.0.1:${under.service.httpPort}/stripe/webhook`, { method: 'POST', headers, body })).status;
  };
  const stored = async (id: string): Promise<string[]> =>
    (await under.rows<{ state: string }>('SELECT state FROM stripe_event WHERE id = $1', [id])).map((row) => row.state);

  it('is believed only with a signature that is Stripe’s, whole and fresh', async () => {
    const body = eventAbout('evt_forged', { object: 'payment_intent', id: 'pi_x' });
    const old = Math.floor(under.clock.now().getTime() / 1000) - 301;
    expect(await post(body, signed(body, { secret: 'whsec_other' }))).toBe(400);
    expect(await post(body, signed(body, { timestamp: old }))).toBe(400);
    expect(await post(`${body} `, signed(body))).toBe(400);
    expect(await post(body, '')).toBe(400);
    expect(await stored('evt_forged')).toEqual([]);
  });

  it('is kept once, and tried again while we know nothing of its payment', async () => {
    const body = eventAbout('evt_early', { object: 'payment_intent', id: 'pi_not_ours_yet' });
    expect([await post(body, signed(body)), await post(body, signed(body))]).toEqual([200, 200]);
    const tries = await eventually('three tries', async () => {
      const [row] = await under.rows<{ attempts: number }>(`SELECT attempts FROM stripe_event WHERE id = 'evt_early'`);
      return row && row.attempts >= 3 && row.attempts;
    });
    expect(tries).toBeGreaterThanOrEqual(3);
    expect(await stored('evt_early')).toEqual(['pending']);
    await under.rows(`DELETE FROM stripe_event WHERE id = 'evt_early'`);
  });

  it('about no payment of ours is kept for the record', async () => {
    const body = eventAbout('evt_payout', { object: 'payout', id: 'po_1' });
    expect(await post(body, signed(body))).toBe(200);
    expect(await stored('evt_payout')).toEqual(['ignored']);
  });

  /** A call-back that was paid at the second attempt, charged, and given back in part: everything that Stripe may tell. */
  const story = async (ticketed: Ticketed): Promise<string> => {
    const purchase = await under.buy(ticketed, 'callback');
    const intent = purchase.paymentIntentId;
    await under.pay(purchase, 'pm_card_chargeDeclined');
    await under.pay(purchase);
    await under.rig.stripe.paymentIntents.capture(intent);
    await under.rig.stripe.refunds.create({ payment_intent: intent, amount: 2_000 });
    return purchase.id;
  };
  const result = async (purchaseId: string): Promise<object> => {
    const [purchase] = await under.rows(
      `SELECT state, authorized_minor, captured_minor, refunded_minor, refunding_minor, posted_minor, failure_reason, closing
       FROM purchase WHERE id = $1`,
      [purchaseId],
    );
    const books = await under.rows(
      `SELECT account, sum(debit_minor - credit_minor) AS balance FROM ledger_posting
       JOIN ledger_transaction t ON t.id = transaction_id WHERE purchase_id = $1 GROUP BY account ORDER BY account`,
      [purchaseId],
    );
    return { purchase, books };
  };
  const END = {
    purchase: {
      state: 'CAPTURED',
      authorized_minor: '9900',
      captured_minor: '9900',
      refunded_minor: '2000',
      refunding_minor: '0',
      posted_minor: '7900',
      failure_reason: null,
      closing: null,
    },
    books: [
      { account: 'revenue', balance: '-6639' },
      { account: 'stripe_clearing', balance: '7736' },
      { account: 'stripe_fees', balance: '164' },
      { account: 'tax_payable', balance: '-1261' },
    ],
  };
  const ending = async (ticketed: Ticketed, purchaseId: string): Promise<object> => {
    await under.until(ticketed.customer, purchaseId, 'CAPTURED', (p) => p.refunded!.minor === '2000');
    await under.quiet();
    return result(purchaseId);
  };

  it('ends in the same state in order', async () => {
    const ticketed = await under.ticket('officehours');
    expect(await ending(ticketed, await story(ticketed))).toEqual(END);
  });

  it('ends in the same state in reverse order, a day late', async () => {
    await under.rig.control('POST', '/webhooks/hold');
    const ticketed = await under.ticket('officehours');
    const purchaseId = await story(ticketed);
    await under.rig.control('POST', '/clock', { advance_seconds: 86_400 });
    await under.rig.control('POST', '/webhooks/release', { order: 'reverse' });
    expect(await ending(ticketed, purchaseId)).toEqual(END);
  });

  it('ends in the same state when every event comes three times', async () => {
    const ticketed = await under.ticket('officehours');
    const purchaseId = await story(ticketed);
    const [intent] = await under.intentsOf(purchaseId);
    const { data } = await under.rig.stripe.events.list({ limit: 100 });
    const about = data.filter((event) => JSON.stringify(event.data.object).includes(intent!));
    expect(about.length).toBeGreaterThanOrEqual(7);
    for (const event of about) await under.rig.control('POST', `/events/${event.id}/redeliver`, { times: 2 });
    expect(await ending(ticketed, purchaseId)).toEqual(END);
    expect(await under.told(purchaseId, 4)).toEqual(expect.arrayContaining(['purchase.authorized', 'purchase.refunded']));
  });

  it('is found by asking when every event is lost', async () => {
    await under.rig.control('POST', '/webhooks/hold');
    const ticketed = await under.ticket('officehours');
    const purchaseId = await story(ticketed);
    await under.rig.control('POST', '/webhooks/drop', { waiting: true });
    const poller = await under.replica({ STRIPE_POLL_AFTER_MS: '200' });
    await under.rows(`UPDATE purchase SET look_at = now() + interval '200 ms' WHERE id = $1`, [purchaseId]);
    const seen = await ending(ticketed, purchaseId);
    await poller.close();
    await under.rig.control('POST', '/webhooks/release', {});
    expect(seen).toEqual(END);
  });
});

function eventAbout(id: string, object: object): string {
  return JSON.stringify({ id, object: 'event', type: 'payment_intent.succeeded', data: { object } });
}

function signed(body: string, parts: { secret?: string; timestamp?: number } = {}): string {
  return webhooks.generateTestHeaderString({ payload: body, secret: SECRET, ...parts });
}

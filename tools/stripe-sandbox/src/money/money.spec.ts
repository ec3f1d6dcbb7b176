import type { Stripe } from 'stripe';
import { card, refusal, type Rig, startRig } from '../test-harness.js';

const sumOfNet = (lines: Stripe.BalanceTransaction[]): number => lines.reduce((sum, line) => sum + line.net, 0);

describe('the balance', () => {
  let rig: Rig;
  let stripe: Stripe;
  beforeEach(async () => {
    rig = await startRig();
    ({ stripe } = rig);
  });
  afterEach(() => rig.sandbox.stop());

  const allLines = (): Promise<Stripe.BalanceTransaction[]> =>
    stripe.balanceTransactions.list().autoPagingToArray({ limit: 1000 });
  const chargeOf = (intent: Stripe.PaymentIntent): Promise<Stripe.Charge> =>
    stripe.charges.retrieve(String(intent.latest_charge), { expand: ['refunds'] });

  it('ends at −3.17 after a refund of 99.00 whose fee of 3.17 stays with Stripe', async () => {
    const intent = await stripe.paymentIntents.create(card(9900, 'usd'));
    const refund = await stripe.refunds.create({ payment_intent: intent.id, expand: ['balance_transaction'] });
    expect(refund).toMatchObject({ status: 'succeeded', amount: 9900, balance_transaction: { amount: -9900, fee: 0 } });
    expect((await allLines()).map((l) => [l.reporting_category, l.fee])).toEqual([
      ['refund', 0],
      ['charge', 317],
    ]);
    expect(sumOfNet(await allLines())).toBe(-317);
  });

  it('never refunds more than was captured', async () => {
    const intent = await stripe.paymentIntents.create({ ...card(9900), capture_method: 'manual' });
    await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 4900 });
    await stripe.refunds.create({ payment_intent: intent.id, amount: 3000, reason: 'duplicate' });
    expect(await refusal(stripe.refunds.create({ payment_intent: intent.id, amount: 1901 }))).toMatchObject({
      param: 'amount',
    });
    await stripe.refunds.create({ charge: String(intent.latest_charge), amount: 1900 });
    expect((await refusal(stripe.refunds.create({ payment_intent: intent.id }))).code).toBe('charge_already_refunded');
    const charge = await chargeOf(intent);
    expect(charge).toMatchObject({ amount: 9900, amount_captured: 4900, amount_refunded: 4900, refunded: true });
    expect(charge.refunds?.data.map((r) => r.amount)).toEqual([1900, 3000]);
  });

  it('holds its limit when twenty refunds come at once', async () => {
    const intent = await stripe.paymentIntents.create(card(9900));
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => stripe.refunds.create({ payment_intent: intent.id, amount: 1000 })),
    );
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(9);
    expect((await chargeOf(intent)).amount_refunded).toBe(9000);
  });

  it('keeps a refund pending or lets it fail, by order or by card', async () => {
    const intent = await stripe.paymentIntents.create(card(9900));
    await rig.control('POST', '/settings', { next_refunds: ['pending', 'failed'] });
    const pending = await stripe.refunds.create({ payment_intent: intent.id, amount: 100 });
    const failed = await stripe.refunds.create({ payment_intent: intent.id, amount: 200 });
    expect([pending.status, failed.status]).toEqual(['pending', 'failed']);
    expect(failed).toMatchObject({
      failure_reason: expect.any(String),
      failure_balance_transaction: expect.any(String),
    });
    expect((await chargeOf(intent)).amount_refunded).toBe(100);
    await rig.control('POST', `/refunds/${pending.id}/settle`, { status: 'succeeded' });
    expect((await stripe.refunds.retrieve(pending.id)).status).toBe('succeeded');
    await expect(rig.control('POST', `/refunds/${failed.id}/settle`, { status: 'succeeded' })).rejects.toThrow(/^400/);

    const slow = await stripe.paymentIntents.create(card(500, 'eur', 'pm_card_pendingRefund'));
    expect((await stripe.refunds.create({ payment_intent: slow.id })).status).toBe('pending');
    const lines = (await allLines()).filter((l) => l.reporting_category.startsWith('refund'));
    expect(lines.map((l) => [l.reporting_category, l.amount])).toEqual([
      ['refund', -500],
      ['refund_failure', 200],
      ['refund', -200],
      ['refund', -100],
    ]);
  });

  it('withdraws a dispute, takes evidence, and reinstates what is won', async () => {
    const intent = await stripe.paymentIntents.create(card(9900, 'eur', 'pm_card_createDispute'));
    const [dispute] = (await stripe.disputes.list({ payment_intent: intent.id })).data;
    if (dispute === undefined) throw new Error('the card opens a dispute');
    expect(dispute).toMatchObject({ status: 'needs_response', amount: 9900, reason: 'fraudulent' });
    expect(dispute.balance_transactions).toMatchObject([
      { type: 'adjustment', reporting_category: 'dispute', amount: -9900, fee: 2000, net: -11_900 },
    ]);
    expect((await refusal(stripe.refunds.create({ payment_intent: intent.id }))).code).toBe('charge_disputed');
    const draft = await stripe.disputes.update(dispute.id, { evidence: { customer_name: 'A' }, submit: false });
    expect(draft).toMatchObject({
      status: 'needs_response',
      evidence_details: { has_evidence: true, submission_count: 0 },
    });
    const sent = await stripe.disputes.update(dispute.id, { evidence: { access_activity_log: 'log' } });
    expect(sent).toMatchObject({
      status: 'under_review',
      evidence: { customer_name: 'A', access_activity_log: 'log' },
    });
    await rig.control('POST', `/disputes/${dispute.id}/decide`, { status: 'won' });
    const won = await stripe.disputes.retrieve(dispute.id);
    expect(won.status).toBe('won');
    expect(sumOfNet(won.balance_transactions)).toBe(-2000);
    const types = (await stripe.events.list({ type: 'charge.dispute.funds_reinstated' })).data;
    expect(types).toHaveLength(1);
  });

  it('closes a dispute as lost when it is accepted', async () => {
    const intent = await stripe.paymentIntents.create(card(9900));
    const charge = String(intent.latest_charge);
    const opened = await rig.control<Stripe.Dispute>('POST', '/disputes', { charge, amount: 900, reason: 'general' });
    expect((await stripe.disputes.close(opened.id)).status).toBe('lost');
    expect((await refusal(stripe.disputes.close(opened.id))).message).toMatch(/already closed/);
  });

  it('ties every automatic payout out to its lines', async () => {
    await stripe.paymentIntents.create(card(9900));
    const refunded = await stripe.paymentIntents.create(card(490));
    await stripe.refunds.create({ payment_intent: refunded.id, amount: 100 });
    await stripe.paymentIntents.create(card(1100, 'jpy'));
    await rig.control('POST', '/stripe_fees', { amount: 200, currency: 'eur', description: 'Radar' });
    expect(await rig.control('POST', '/payouts')).toEqual({ data: [] });

    await rig.control('POST', '/clock', { advance_seconds: 2 * 86_400 });
    const { data } = await rig.control<{ data: Stripe.Payout[] }>('POST', '/payouts');
    expect(data.map((p) => p.currency).sort()).toEqual(['eur', 'jpy']);
    for (const payout of data) {
      expect(payout).toMatchObject({ automatic: true, status: 'paid', reconciliation_status: 'completed' });
      const lines = await stripe.balanceTransactions.list({ payout: payout.id }).autoPagingToArray({ limit: 100 });
      expect(sumOfNet(lines.filter((l) => l.id !== payout.balance_transaction))).toBe(payout.amount);
      expect(sumOfNet(lines)).toBe(0);
    }
    expect(await rig.control('POST', '/payouts', { settle: true })).toEqual({ data: [] });
    const [first] = data;
    await rig.control('POST', `/payouts/${String(first?.id)}/fail`);
    const retried = await rig.control<{ data: Stripe.Payout[] }>('POST', '/payouts');
    expect(retried.data).toMatchObject([{ amount: first?.amount, currency: first?.currency }]);
  });

  it('pays out by hand from what is available, and does not say which lines', async () => {
    await stripe.paymentIntents.create(card(9900, 'eur', 'pm_card_bypassPending'));
    expect((await refusal(stripe.payouts.create({ amount: 9737, currency: 'eur' }))).code).toBe('balance_insufficient');
    const payout = await stripe.payouts.create({ amount: 5000, currency: 'eur' });
    expect(payout).toMatchObject({ automatic: false, reconciliation_status: 'not_applicable' });
    expect((await refusal(stripe.balanceTransactions.list({ payout: payout.id }))).param).toBe('payout');
    expect((await stripe.balance.retrieve()).available).toMatchObject([{ amount: 4736, currency: 'eur' }]);
  });

  it('settles in another currency at the rate it was told', async () => {
    await rig.control('POST', '/settings', { settlement: { usd: { currency: 'eur', rate: 0.92 } } });
    const intent = await stripe.paymentIntents.create({
      ...card(9900, 'usd'),
      expand: ['latest_charge.balance_transaction'],
    });
    expect((intent.latest_charge as Stripe.Charge).balance_transaction).toMatchObject({
      amount: 9108,
      currency: 'eur',
      exchange_rate: 0.92,
      fee: 153,
    });
  });
});

import type { Stripe } from 'stripe';
import { card, refusal, type Rig, startRig } from '../test-harness.js';

const HOLD = { ...card(9900), capture_method: 'manual' } as const;

describe('payments', () => {
  let rig: Rig;
  let stripe: Stripe;
  beforeAll(async () => {
    rig = await startRig();
    ({ stripe } = rig);
  });
  afterAll(() => rig.sandbox.stop());

  const linesOf = async (intent: Stripe.PaymentIntent): Promise<Stripe.BalanceTransaction[]> =>
    (await stripe.balanceTransactions.list({ source: String(intent.latest_charge) })).data.toReversed();
  const eventsOf = async (id: string): Promise<string[]> => {
    const all = await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 1000 });
    return all
      .filter((e) => JSON.stringify(e.data.object).includes(id))
      .map((e) => e.type)
      .toReversed();
  };

  it('takes a payment at once and shows the fee in the balance transaction', async () => {
    const intent = await stripe.paymentIntents.create({
      ...card(9900),
      metadata: { purchase: 'p-1' },
      expand: ['latest_charge.balance_transaction'],
    });
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 9900, metadata: { purchase: 'p-1' } });
    expect(intent.latest_charge).toMatchObject({
      captured: true,
      amount_captured: 9900,
      balance_transaction: { amount: 9900, fee: 164, net: 9736, reporting_category: 'charge', currency: 'eur' },
    });
    expect(intent.id).toMatch(/^pi_/);
    expect(await eventsOf(intent.id)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
    ]);
  });

  it('goes step by step from no payment method to success', async () => {
    const made = await stripe.paymentIntents.create({
      amount: 1100,
      currency: 'jpy',
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
    expect(made.status).toBe('requires_payment_method');
    const chosen = await stripe.paymentIntents.update(made.id, {
      payment_method: 'pm_card_visa',
      metadata: { a: '1', b: '2' },
    });
    expect(chosen).toMatchObject({ status: 'requires_confirmation', metadata: { a: '1', b: '2' } });
    expect((await stripe.paymentIntents.update(made.id, { metadata: { a: '' } })).metadata).toEqual({ b: '2' });
    expect((await stripe.paymentIntents.confirm(made.id)).status).toBe('succeeded');
    const again = await refusal(stripe.paymentIntents.confirm(made.id));
    expect(again).toMatchObject({ code: 'payment_intent_unexpected_state', payment_intent: { id: made.id } });
  });

  it.each([
    ['pm_card_visa_chargeDeclined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
  ])('%s is declined, and the attempt stays on record', async (method, declineCode) => {
    const error = await refusal(stripe.paymentIntents.create(card(490, 'eur', method)));
    expect(error).toMatchObject({
      type: 'StripeCardError',
      statusCode: 402,
      code: 'card_declined',
      decline_code: declineCode,
    });
    const intent = await stripe.paymentIntents.retrieve(String(error.payment_intent?.id), {
      expand: ['latest_charge'],
    });
    expect(intent).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { decline_code: declineCode },
      latest_charge: { status: 'failed', paid: false, balance_transaction: null },
    });
    expect((await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' })).status).toBe(
      'succeeded',
    );
  });

  it('waits for the customer where the card wants authentication', async () => {
    const wanted = card(490, 'eur', 'pm_card_authenticationRequired');
    const intent = await stripe.paymentIntents.create({ ...wanted, return_url: 'https://desk.example/back' });
    expect(intent).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect_to_url' } });
    await rig.control('POST', `/payment_intents/${intent.id}/authenticate`);
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('succeeded');

    const other = await stripe.paymentIntents.create(wanted);
    await rig.control('POST', `/payment_intents/${other.id}/authenticate`, { result: 'fail' });
    expect(await stripe.paymentIntents.retrieve(other.id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
    const absent = await refusal(stripe.paymentIntents.create({ ...wanted, off_session: true }));
    expect(absent.code).toBe('authentication_required');
  });

  it('captures 49.00 of 99.00 as two lines, and gives back the fee of what was not taken', async () => {
    const held = await stripe.paymentIntents.create({ ...HOLD, expand: ['latest_charge'] });
    expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 9900, amount_received: 0 });
    const charge = held.latest_charge as Stripe.Charge;
    expect(charge).toMatchObject({ captured: false, balance_transaction: null });
    expect(charge.payment_method_details?.card?.capture_before).toBe(charge.created + 7 * 86_400);

    const tooMuch = await refusal(stripe.paymentIntents.capture(held.id, { amount_to_capture: 9901 }));
    expect(tooMuch).toMatchObject({ code: 'amount_too_large', param: 'amount_to_capture' });
    const taken = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 4900 });
    expect(taken).toMatchObject({ status: 'succeeded', amount_capturable: 0, amount_received: 4900 });
    expect(await linesOf(taken)).toMatchObject([
      { type: 'charge', reporting_category: 'charge', amount: 9900, fee: 164 },
      { type: 'refund', reporting_category: 'partial_capture_reversal', amount: -5000, fee: -70 },
    ]);
    const twice = await refusal(stripe.paymentIntents.capture(held.id));
    expect(twice.code).toBe('payment_intent_unexpected_state');
    expect(await eventsOf(held.id)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.amount_capturable_updated',
      'charge.captured',
      'payment_intent.succeeded',
    ]);
  });

  it('books a partial capture as one line where the account is set so', async () => {
    await rig.control('POST', '/settings', { partial_capture: 'one_line' });
    const held = await stripe.paymentIntents.create(HOLD);
    await stripe.paymentIntents.capture(held.id, { amount_to_capture: 4900 });
    expect(await linesOf(held)).toMatchObject([{ type: 'charge', amount: 4900, fee: 94 }]);
    await rig.control('POST', '/settings', { partial_capture: 'two_lines' });
  });

  it('cancels an uncaptured hold, and never refunds one', async () => {
    const held = await stripe.paymentIntents.create(HOLD);
    expect((await refusal(stripe.refunds.create({ payment_intent: held.id }))).code).toBe('charge_not_refundable');
    const canceled = await stripe.paymentIntents.cancel(held.id, { cancellation_reason: 'requested_by_customer' });
    expect(canceled).toMatchObject({
      status: 'canceled',
      amount_capturable: 0,
      cancellation_reason: 'requested_by_customer',
    });
    expect(await linesOf(held)).toEqual([]);
    expect((await refusal(stripe.paymentIntents.capture(held.id))).code).toBe('payment_intent_unexpected_state');
    expect((await refusal(stripe.paymentIntents.cancel(held.id))).code).toBe('payment_intent_unexpected_state');
  });

  it('lets a hold expire at capture_before, not a second earlier', async () => {
    const own = await startRig();
    try {
      const held = await own.stripe.paymentIntents.create({ ...HOLD, expand: ['latest_charge'] });
      const before = (held.latest_charge as Stripe.Charge).payment_method_details?.card?.capture_before ?? 0;
      await own.control('POST', '/clock', { to: new Date(before * 1000 - 30_000).toISOString() });
      expect((await own.stripe.paymentIntents.retrieve(held.id)).status).toBe('requires_capture');
      await own.control('POST', '/clock', { to: new Date(before * 1000).toISOString() });
      expect(await own.stripe.paymentIntents.retrieve(held.id)).toMatchObject({
        status: 'canceled',
        cancellation_reason: 'expired',
      });
      const { data } = await own.stripe.events.list({ limit: 2 });
      expect(data.map((e) => e.type)).toEqual(['payment_intent.canceled', 'charge.expired']);
    } finally {
      await own.sandbox.stop();
    }
  });

  it('uses a card twice only when it is saved with the customer', async () => {
    const once = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
    await stripe.paymentIntents.create(card(490, 'eur', once.id));
    expect((await refusal(stripe.paymentIntents.create(card(490, 'eur', once.id)))).message).toMatch(
      /may not be used again/,
    );

    const customer = await stripe.customers.create({ email: 'a@example.org' });
    const first = await stripe.paymentIntents.create({
      ...HOLD,
      customer: customer.id,
      setup_future_usage: 'off_session',
    });
    const saved = String(first.payment_method);
    const second = await stripe.paymentIntents.create({
      ...HOLD,
      payment_method: saved,
      customer: customer.id,
      off_session: true,
    });
    expect(second.status).toBe('requires_capture');
    expect((await stripe.customers.listPaymentMethods(customer.id)).data.map((m) => m.id)).toEqual([saved]);
    expect((await refusal(stripe.paymentIntents.create({ ...HOLD, payment_method: saved }))).message).toMatch(
      /belongs to a Customer/,
    );
  });

  it('names wrong parameters as Stripe does', async () => {
    const create = (params: object): Promise<Stripe.errors.StripeError> =>
      refusal(stripe.paymentIntents.create(params as Stripe.PaymentIntentCreateParams));
    expect(await create({ currency: 'eur' })).toMatchObject({
      statusCode: 400,
      code: 'parameter_missing',
      param: 'amount',
    });
    expect(await create({ ...card(490), colour: 'red' })).toMatchObject({ code: 'parameter_unknown', param: 'colour' });
    expect(await create({ ...card(490), amount: 4.9 })).toMatchObject({
      code: 'parameter_invalid_integer',
      param: 'amount',
    });
    expect(await create(card(49))).toMatchObject({ code: 'amount_too_small' });
    expect(await create({ ...card(490), payment_method: 'pm_none' })).toMatchObject({ code: 'resource_missing' });
    expect(await create({ amount: 490, currency: 'eur', payment_method: 'pm_card_visa', confirm: true })).toMatchObject(
      {
        param: 'return_url',
      },
    );
    expect(await refusal(stripe.paymentIntents.retrieve('pi_none'))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
    expect((await refusal(stripe.paymentIntents.list({ limit: 101 }))).param).toBe('limit');
  });
});

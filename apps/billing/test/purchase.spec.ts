import { status } from '@grpc/grpc-js';
import { ClockEvent } from '#contracts/generated/priolane/events/v1/sla_events.js';
import { newId } from '#kernel/ids.js';
import { eventually } from '#testing/neighbours.js';
import { refusalOf } from '#testing/refusal.js';
import { testCaller } from '#testing/tokens.js';
import { BillingUnderTest, stateOf } from './service.js';

const lead = { deskId: 'webshop', roles: ['lead' as const] };

describe('buying', () => {
  let under: BillingUnderTest;

  beforeAll(async () => {
    under = await BillingUnderTest.start(['webshop', 'officehours', 'packages']);
  });

  afterAll(() => under?.stop());

  it('quotes the price in force with its tax and the words to accept (SHP-3)', async () => {
    const ticketed = await under.ticket('webshop', { language: 'de' });
    const quote = await under.quote(ticketed, 'priority');
    expect(quote).toMatchObject({
      priceVersion: 1,
      net: { minor: '412', currency: 'EUR' },
      tax: { minor: '78', currency: 'EUR' },
      gross: { minor: '490', currency: 'EUR' },
      consentVersion: 1,
      includedInPackage: false,
    });
    expect(quote.consentText).toBe('Für 4,90\u00a0€ kommt dieses Ticket vor allen anderen wartenden Tickets dran.');
    const { prices } = await under.price(ticketed.customer).listPrices({});
    expect(prices).toEqual([
      expect.objectContaining({ productId: 'priority', version: 1, gross: { minor: '490', currency: 'EUR' } }),
    ]);
  });

  it('takes the fee at once, posts it, and tells everybody', async () => {
    const ticketed = await under.ticket('webshop');
    const quote = await under.quote(ticketed, 'priority');
    const requestId = newId();
    const { purchase, clientSecret } = await under.accept(ticketed.customer, quote, requestId);
    expect(stateOf(purchase!)).toBe('AWAITING_PAYMENT');
    expect(clientSecret).toMatch(/^pi_.+_secret_/);
    expect(await under.accept(ticketed.customer, quote, requestId)).toEqual({ purchase, clientSecret });
    expect((await refusalOf(under.accept(ticketed.customer, quote))).reason).toBe('PURCHASE_EXISTS');
    expect(await refusalOf(under.quote(ticketed, 'priority'))).toMatchObject({
      code: status.FAILED_PRECONDITION,
      reason: 'PURCHASE_EXISTS',
      metadata: { current: 'AWAITING_PAYMENT' },
    });

    await under.pay(purchase!);
    const captured = await under.until(ticketed.customer, purchase!.id, 'CAPTURED');
    expect(captured).toMatchObject({ captured: { minor: '490', currency: 'EUR' }, refunded: { minor: '0', currency: 'EUR' } });
    expect(await under.told(purchase!.id, 2)).toEqual(['purchase.created', 'purchase.captured']);
    const [last] = (await under.neighbours.heard('billing', purchase!.id)).slice(-1);
    expect(last!.data).toMatchObject({ effectLane: 'priority', productKind: 'priority_fee', ticketId: ticketed.ticketId });
    const intent = await under.rig.stripe.paymentIntents.retrieve(captured.paymentIntentId);
    expect(intent).toMatchObject({ amount: 490, currency: 'eur', capture_method: 'automatic', metadata: { purchase_id: purchase!.id } });
  });

  it('fails without ado when the card is declined, and another card still works', async () => {
    const ticketed = await under.ticket('webshop');
    const purchase = await under.buy(ticketed);
    await under.pay(purchase, 'pm_card_chargeDeclinedInsufficientFunds');
    const failed = await under.until(ticketed.customer, purchase.id, 'FAILED');
    expect(failed).toMatchObject({ failureReason: 'insufficient_funds', captured: { minor: '0' } });
    await under.pay(purchase);
    const paid = await under.until(ticketed.customer, purchase.id, 'CAPTURED');
    expect(paid.failureReason).toBe('');
    expect(await under.told(purchase.id, 3)).toEqual(['purchase.created', 'purchase.failed', 'purchase.captured']);
  });

  it('ends the declined payment before a new one begins', async () => {
    const ticketed = await under.ticket('webshop');
    const first = await under.buy(ticketed);
    await under.pay(first, 'pm_card_chargeDeclined');
    await under.until(ticketed.customer, first.id, 'FAILED');
    const second = await under.buy(ticketed);
    expect(stateOf(second)).toBe('AWAITING_PAYMENT');
    expect(stateOf(await under.get(ticketed.customer, first.id))).toBe('CANCELED');
    expect((await under.rig.stripe.paymentIntents.retrieve(first.paymentIntentId)).status).toBe('canceled');
  });

  it('gives the new purchase up when the declined one is paid after all: one is paid, not two', async () => {
    const ticketed = await under.ticket('webshop');
    const first = await under.buy(ticketed);
    await under.pay(first, 'pm_card_chargeDeclined');
    await under.until(ticketed.customer, first.id, 'FAILED');
    await under.quiet();
    await under.rig.control('POST', '/webhooks/hold');
    await under.pay(first);
    const quote = await under.quote(ticketed, 'priority');
    expect((await refusalOf(under.accept(ticketed.customer, quote))).reason).toBe('PURCHASE_EXISTS');
    await under.rig.control('POST', '/webhooks/release', {});
    const purchases = (await under.purchases(ticketed.customer).listPurchases({ ticketId: ticketed.ticketId, pageSize: 0, pageToken: '' }))
      .purchases;
    expect(purchases.map((p) => [stateOf(p), p.paymentIntentId !== ''])).toEqual([
      ['CANCELED', false],
      ['CAPTURED', true],
    ]);
  });

  it('wants the consent, to the right text, in time', async () => {
    const ticketed = await under.ticket('webshop');
    const quote = await under.quote(ticketed, 'priority');
    const ask = { requestId: newId(), quoteId: quote.id, consentAccepted: false, consentVersion: 1 };
    expect((await refusalOf(under.purchases(ticketed.customer).createPurchase(ask))).reason).toBe('CONSENT_REQUIRED');
    const other = { ...ask, requestId: newId(), consentAccepted: true, consentVersion: 2 };
    expect((await refusalOf(under.purchases(ticketed.customer).createPurchase(other))).reason).toBe('CONSENT_REQUIRED');
    await under.rig.control('POST', '/clock', { advance_seconds: 31 * 60 });
    expect((await refusalOf(under.accept(ticketed.customer, quote))).reason).toBe('QUOTE_EXPIRED');
    const [row] = await under.rows<{ count: string }>('SELECT count(*) FROM purchase WHERE ticket_id = $1', [ticketed.ticketId]);
    expect(row!.count).toBe('0');
  });

  it('sells nothing for a ticket that was solved since the quote', async () => {
    const ticketed = await under.ticket('officehours');
    const quote = await under.quote(ticketed, 'callback');
    await under.resolve(ticketed, 'CUSTOMER');
    await eventually('the solution', async () => {
      const sql = `SELECT FROM ticket WHERE id = $1 AND status_kind = 'SOLVED'`;
      return (await under.rows(sql, [ticketed.ticketId])).length === 1;
    });
    expect((await refusalOf(under.accept(ticketed.customer, quote))).reason).toBe('PRODUCT_NOT_OFFERED');
  });

  it('asks to come back while the ticket is on its way, and sells nothing for one that is over', async () => {
    const customer = testCaller({ deskId: 'webshop' });
    const early = await refusalOf(under.quote({ customer, ticketId: newId() }, 'priority'));
    expect(early).toMatchObject({ code: status.UNAVAILABLE, reason: 'TICKET_NOT_KNOWN_YET' });
    const over = await under.ticket('webshop', { statusKind: 'SOLVED' });
    expect((await refusalOf(under.quote(over, 'priority'))).reason).toBe('PRODUCT_NOT_OFFERED');
    expect((await refusalOf(under.quote(over, 'gold'))).code).toBe(status.INVALID_ARGUMENT);
  });

  it('holds the price of a call-back and charges it when the cause was not ours (OFC-8)', async () => {
    const ticketed = await under.ticket('officehours');
    const purchase = await under.buy(ticketed, 'callback');
    await under.pay(purchase);
    const held = await under.until(ticketed.customer, purchase.id, 'AUTHORIZED');
    expect(held.captureBefore).not.toBeNull();
    expect(held.captured!.minor).toBe('0');
    await under.resolve(ticketed, 'CUSTOMER');
    const charged = await under.until(ticketed.customer, purchase.id, 'CAPTURED');
    expect(charged.captured!.minor).toBe('9900');
    expect(await under.told(purchase.id, 3)).toEqual(['purchase.created', 'purchase.authorized', 'purchase.captured']);
  });

  it('gives the hold back when the cause was ours, and never refunds it (OFC-8)', async () => {
    const ticketed = await under.ticket('officehours');
    const purchase = await under.buy(ticketed, 'callback');
    await under.pay(purchase);
    await under.until(ticketed.customer, purchase.id, 'AUTHORIZED');
    await under.resolve(ticketed, 'OUR_SYSTEMS');
    await under.until(ticketed.customer, purchase.id, 'VOIDED');
    expect(await under.told(purchase.id, 3)).toEqual(['purchase.created', 'purchase.authorized', 'purchase.voided']);
    expect((await under.rig.stripe.refunds.list({ payment_intent: purchase.paymentIntentId })).data).toEqual([]);
    const lines = await under.rows('SELECT FROM ledger_transaction WHERE purchase_id = $1', [purchase.id]);
    expect(lines).toEqual([]);
  });

  it('cancels what is not captured, without a refund', async () => {
    const ticketed = await under.ticket('webshop');
    const purchase = await under.buy(ticketed);
    const purchases = under.purchases(ticketed.customer);
    const ask = { requestId: newId(), purchaseId: purchase.id };
    expect(stateOf((await purchases.cancelPurchase(ask)).purchase!)).toBe('CANCELED');
    expect(stateOf((await purchases.cancelPurchase(ask)).purchase!)).toBe('CANCELED');
    expect((await under.rig.stripe.refunds.list({ payment_intent: purchase.paymentIntentId })).data).toEqual([]);
    const again = await refusalOf(purchases.cancelPurchase({ requestId: newId(), purchaseId: purchase.id }));
    expect(again).toMatchObject({ reason: 'NOT_CANCELABLE', metadata: { current: 'CANCELED' } });
    expect(stateOf(await under.buy(ticketed))).toBe('AWAITING_PAYMENT');
  });

  it('refunds in parts, never more than was captured, and posts what comes back', async () => {
    const ticketed = await under.ticket('webshop');
    const purchase = await under.buy(ticketed);
    const leads = under.purchases(lead);
    const refund = (minor: string | undefined, requestId = newId()) =>
      leads.refundPurchase({
        requestId,
        purchaseId: purchase.id,
        amount: minor ? { minor, currency: 'EUR' } : null,
        reason: 'GOODWILL',
      });
    expect((await refusalOf(refund('100'))).reason).toBe('NOT_CAPTURED');
    await under.pay(purchase);
    await under.until(ticketed.customer, purchase.id, 'CAPTURED');
    expect(await refusalOf(refund('491'))).toMatchObject({ reason: 'REFUND_EXCEEDS_CAPTURE', metadata: { refundable: '490' } });
    const requestId = newId();
    const part = await refund('190', requestId);
    expect([stateOf(part.purchase!), part.purchase!.refunded!.minor]).toEqual(['CAPTURED', '190']);
    await refund('190', requestId);
    const outcomes = await Promise.allSettled([refund('200'), refund('200')]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    const rest = await refund(undefined);
    expect([stateOf(rest.purchase!), rest.purchase!.refunded!.minor]).toEqual(['REFUNDED', '490']);
    const refunds = await under.rig.stripe.refunds.list({ payment_intent: purchase.paymentIntentId });
    expect(refunds.data.map((r) => r.amount).sort((a, b) => a - b)).toEqual([100, 190, 200]);
    expect((await under.told(purchase.id, 5)).slice(2)).toEqual(['purchase.refunded', 'purchase.refunded', 'purchase.refunded']);
  });

  it('refunds by itself what was paid for and missed, where the desk says so', async () => {
    const ticketed = await under.ticket('webshop');
    const purchase = await under.buy(ticketed);
    await under.pay(purchase);
    await under.until(ticketed.customer, purchase.id, 'CAPTURED');
    const at = under.clock.now();
    await under.neighbours.say('sla', {
      type: 'clock.breached',
      aggregateId: ticketed.ticketId,
      deskId: 'webshop',
      occurredAt: at,
      sequence: 1,
      data: ClockEvent.toJSON(
        ClockEvent.fromPartial({ ticketId: ticketed.ticketId, target: 'first_response', dueAt: at.toISOString() }),
      ) as object,
    });
    await under.until(ticketed.customer, purchase.id, 'REFUNDED');
    const [refund] = await under.rows('SELECT reason, approver FROM refund WHERE purchase_id = $1', [purchase.id]);
    expect(refund).toEqual({ reason: 'SLA_BREACH', approver: 'system' });
  });

  it('gives three call-backs a month with Gold, and no fourth (packages)', async () => {
    const customer = testCaller({ deskId: 'packages' });
    for (let given = 0; given < 3; given += 1) {
      const ticketed = await under.ticket('packages', { packageId: 'gold' }, customer);
      const quote = await under.quote(ticketed, 'callback');
      expect(quote).toMatchObject({ includedInPackage: true, gross: { minor: '0' } });
      const { purchase, clientSecret } = await under.accept(customer, quote);
      expect([stateOf(purchase!), clientSecret, purchase!.paymentIntentId]).toEqual(['AUTHORIZED', '', '']);
    }
    const fourth = await under.ticket('packages', { packageId: 'silver' }, customer);
    await under.changePackage(fourth, 'gold');
    expect(await under.quote(fourth, 'callback')).toMatchObject({ includedInPackage: false });
  });

  it('tells nobody else: to another tenant nothing is there', async () => {
    const ticketed = await under.ticket('webshop');
    const quote = await under.quote(ticketed, 'priority');
    const { purchase } = await under.accept(ticketed.customer, quote);
    const purchaseId = purchase!.id;
    const strangers = [testCaller({ deskId: 'webshop' }), testCaller({ deskId: 'officehours', roles: ['lead', 'customer', 'finance'] })];
    for (const stranger of strangers) {
      const purchases = under.purchases(stranger);
      const calls = [
        under.price(stranger).createQuote({ requestId: newId(), ticketId: ticketed.ticketId, productId: 'priority', language: '' }),
        under.accept(stranger, quote),
        purchases.getPurchase({ purchaseId }),
        purchases.cancelPurchase({ requestId: newId(), purchaseId }),
      ];
      const codes = await Promise.all(calls.map(async (call) => (await refusalOf(call)).code));
      expect(codes).toEqual(calls.map(() => status.NOT_FOUND));
      const listed = await purchases.listPurchases({ ticketId: ticketed.ticketId, pageSize: 0, pageToken: '' });
      expect(listed.purchases).toEqual([]);
    }
    const foreignLead = under.purchases({ deskId: 'officehours', roles: ['lead'] });
    const refund = foreignLead.refundPurchase({ requestId: newId(), purchaseId, amount: null, reason: 'GOODWILL' });
    expect((await refusalOf(refund)).code).toBe(status.NOT_FOUND);
    for await (const row of under.finance('officehours').streamChargeRegister({ from: null, to: null })) {
      expect(row.purchaseId).not.toBe(purchaseId);
    }
  });
});

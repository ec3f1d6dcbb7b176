import fc from 'fast-check';
import { aCharge, aPayment, aPurchase } from '../../test/factories.js';
import { observePayment } from './observe-payment.js';
import type { PaymentSeen, RefundSeen } from './payment.js';
import type { Purchase, Refund } from './purchase.js';

const NOW = new Date('2026-03-02T09:00:00Z');
const newId = (): string => '0195a1f0-0000-7000-8000-0000000000ff';
const known = (parts: { refunds?: Refund[]; otherLive?: boolean } = {}) => ({ refunds: [], otherLive: false, newId, ...parts });
const seenAs = (purchase: Purchase, seen: Partial<PaymentSeen>, refunds: Refund[] = []) =>
  observePayment(purchase, aPayment(seen), known({ refunds }), NOW);

const open = {};
const declined = { declined: 'insufficient_funds' };
const held = { status: 'held' as const, charge: aCharge(490n, 0n) };
const taken = { status: 'taken' as const, charge: aCharge(490n, 490n) };
const canceled = { status: 'canceled' as const };
const back = (amount: bigint, state: RefundSeen['state'] = 'succeeded', stripeId = 're_1'): RefundSeen => ({ stripeId, amount, state });

describe('what was seen at Stripe', () => {
  it.each<[string, Purchase['productKind'], Partial<PaymentSeen>, string, string[]]>([
    ['not tried', 'priority_fee', open, 'AWAITING_PAYMENT', []],
    ['declined', 'priority_fee', declined, 'FAILED', ['failed']],
    ['taken', 'priority_fee', taken, 'CAPTURED', ['captured']],
    ['held', 'call_back', held, 'AUTHORIZED', ['authorized']],
    ['held and taken in between', 'call_back', taken, 'CAPTURED', ['authorized', 'captured']],
    ['given up', 'priority_fee', canceled, 'CANCELED', ['canceled']],
    ['taken and given back in between', 'priority_fee', { ...taken, refunds: [back(490n)] }, 'REFUNDED', ['captured', 'refunded']],
  ])('a new payment, %s', (_, productKind, seen, state, types) => {
    const { purchase, events } = seenAs(aPurchase({ state: 'CREATED', productKind }), seen);
    expect([purchase.state, events.map((event) => event.type)]).toEqual([state, types]);
    expect(events.map((event) => event.sequence)).toEqual(types.map((_, i) => i + 2));
  });

  it('tells a hold that was given back from a payment that never was', () => {
    const authorized = seenAs(aPurchase({ productKind: 'call_back', closing: 'cancel' }), held).purchase;
    const voided = seenAs(authorized, { ...canceled, cancellationReason: 'expired' });
    expect(voided.purchase).toMatchObject({ state: 'VOIDED', closing: undefined });
    expect(voided.events).toEqual([expect.objectContaining({ type: 'voided', reason: 'expired' })]);
  });

  it('takes what is set aside for a refund as given back once Stripe has it', () => {
    const refund: Refund = {
      id: 'r-1',
      purchaseId: 'p',
      amount: 100n,
      reason: 'GOODWILL',
      approver: 'lee',
      state: 'decided',
      decidedAt: NOW,
    };
    const before = aPurchase({ state: 'CAPTURED', captured: 490n, authorized: 490n, refunding: 100n });
    const seen = { ...taken, refunds: [{ ...back(100n, 'pending'), refundId: 'r-1' }] };
    const { purchase, refunds, events } = seenAs(before, seen, [refund]);
    expect(purchase).toMatchObject({ state: 'CAPTURED', refunded: 100n, refunding: 0n });
    expect(refunds).toEqual([{ ...refund, state: 'pending', stripeId: 're_1' }]);
    expect(events).toEqual([expect.objectContaining({ type: 'refunded', reason: 'GOODWILL' })]);
  });

  it('goes back to captured when the bank returns a refund, unless something else was bought since', () => {
    const refunded = seenAs(aPurchase(), { ...taken, refunds: [back(490n)] });
    expect(refunded.purchase.state).toBe('REFUNDED');
    const failed = aPayment({ ...taken, refunds: [back(490n, 'failed')] });
    const free = observePayment(refunded.purchase, failed, known({ refunds: [...refunded.refunds] }), NOW);
    expect(free.purchase).toMatchObject({ state: 'CAPTURED', refunded: 0n, failureReason: 'refund_failed' });
    const blocked = observePayment(refunded.purchase, failed, known({ refunds: [...refunded.refunds], otherLive: true }), NOW);
    expect(blocked.purchase).toMatchObject({ state: 'REFUNDED', refunded: 0n, failureReason: 'refund_failed' });
  });

  it('changes nothing the second time, and the last sight decides, whatever was seen or missed before', () => {
    const kinds = fc.constantFrom<Purchase['productKind']>('priority_fee', 'call_back');
    // In the order in which they can come about at Stripe; any of them may be missed.
    const story: Partial<PaymentSeen>[] = [open, declined, held, taken, { ...taken, refunds: [back(90n)] }];
    const missed = fc.subarray(story, { minLength: 0 });
    fc.assert(
      fc.property(kinds, missed, fc.constantFrom(...story), (productKind, before, last) => {
        const upTo = [...before.filter((sight) => story.indexOf(sight) < story.indexOf(last)), last, last];
        const start = { purchase: aPurchase({ state: 'CREATED', productKind }), refunds: [] as Refund[] };
        const end = upTo.reduce((at, sight) => {
          const next = seenAs(at.purchase, sight, at.refunds);
          return { purchase: next.purchase, refunds: [...at.refunds, ...next.refunds] };
        }, start);
        const direct = seenAs(start.purchase, last).purchase;
        expect(facts(end.purchase)).toEqual(facts(direct));
        expect(end.purchase.refunded + end.purchase.refunding <= end.purchase.captured).toBe(true);
        expect(end.purchase.captured <= end.purchase.authorized).toBe(true);
      }),
    );
  });
});

function facts({ state, authorized, captured, refunded, refunding }: Purchase): Partial<Purchase> {
  return { state, authorized, captured, refunded, refunding };
}

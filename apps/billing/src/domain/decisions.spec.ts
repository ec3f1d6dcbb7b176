import fc from 'fast-check';
import { aPurchase } from '../../test/factories.js';
import { decideCancel, decideOnCause, decideRefund, refundRefused } from './decisions.js';
import { nextLook } from './next-look.js';
import { keyMayBeForgotten, pauseAfter } from './operation.js';
import { type Purchase, refundable } from './purchase.js';
import { PURCHASE_STATES } from './purchase-state.js';

const NOW = new Date('2026-03-02T09:00:00Z');
const onCause = { OUR_SYSTEMS: 'void', CUSTOMER: 'capture', THIRD_PARTY: 'capture', UNKNOWN: 'capture' } as const;
const callBack = (parts: Partial<Purchase> = {}): Purchase =>
  aPurchase({ productKind: 'call_back', state: 'AUTHORIZED', terms: { ...aPurchase().terms, onCause }, ...parts });
const captured = aPurchase({ state: 'CAPTURED', authorized: 490n, captured: 490n });
const byLee = { reason: 'GOODWILL', approver: 'lee' } as const;

describe('decisions', () => {
  it.each(PURCHASE_STATES)('cancel a purchase in %s only while nothing is captured', (state) => {
    const attempt = () => decideCancel(aPurchase({ state }), NOW).purchase.closing;
    if (['CREATED', 'AWAITING_PAYMENT', 'FAILED', 'AUTHORIZED'].includes(state)) expect(attempt()).toBe('cancel');
    else expect(attempt).toThrow(expect.objectContaining({ reason: 'NOT_CANCELABLE' }));
  });

  it('do not cancel what is being captured', () => {
    expect(() => decideCancel(callBack({ closing: 'capture' }), NOW)).toThrow(expect.objectContaining({ reason: 'CAPTURE_DECIDED' }));
  });

  it.each([
    ['OUR_SYSTEMS', 'cancel'],
    ['CUSTOMER', 'capture'],
    ['THIRD_PARTY', 'capture'],
    ['UNKNOWN', 'capture'],
    [undefined, 'capture'],
  ] as const)('a call-back whose cause was %s: %s (OFC-8)', (cause, closing) => {
    expect(decideOnCause(callBack(), cause, NOW).purchase.closing).toBe(closing);
  });

  it('settle a call-back of the package without any payment', () => {
    const included = callBack({ included: true, gross: 0n, net: 0n, tax: 0n });
    expect(decideOnCause(included, 'CUSTOMER', NOW).purchase.state).toBe('CAPTURED');
    expect(decideOnCause(included, 'OUR_SYSTEMS', NOW).purchase.state).toBe('VOIDED');
  });

  it('refund only what is captured', () => {
    expect(() => decideRefund(aPurchase(), byLee, 'r', NOW)).toThrow(expect.objectContaining({ reason: 'NOT_CAPTURED' }));
  });

  it('never set more aside than was captured, and give it free again when it is refused', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.bigInt(-10n, 300n), fc.boolean()), { maxLength: 12 }), (attempts) => {
        let purchase = captured;
        for (const [amount, refused] of attempts) {
          const left = refundable(purchase);
          const attempt = () => decideRefund(purchase, { ...byLee, amount }, 'r', NOW);
          if (amount <= 0n || amount > left) {
            expect(attempt).toThrow(expect.objectContaining({ reason: 'REFUND_EXCEEDS_CAPTURE' }));
            continue;
          }
          const decided = attempt();
          purchase = refused ? refundRefused(decided.purchase, decided.refund).purchase : decided.purchase;
          expect(refundable(purchase)).toBe(refused ? left : left - amount);
          expect(purchase.refunded + purchase.refunding <= purchase.captured).toBe(true);
        }
      }),
    );
  });

  it('are asked of Stripe again ever more slowly, and looked up once the key may be forgotten', () => {
    expect([1, 2, 3, 10, 11, 99].map(pauseAfter)).toEqual([1, 2, 4, 512, 900, 900]);
    const operation = { id: 'o', purchaseId: 'p', kind: 'create', state: 'pending', attempts: 1 } as const;
    const after = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);
    expect(keyMayBeForgotten(operation, after(100))).toBe(false);
    expect(keyMayBeForgotten({ ...operation, attemptedAt: NOW }, after(22))).toBe(false);
    expect(keyMayBeForgotten({ ...operation, attemptedAt: NOW }, after(24))).toBe(true);
  });

  it('are followed by a look at Stripe until nothing is awaited any more', () => {
    expect(nextLook(aPurchase(), [], 60, later(0))).toBe(60);
    expect(nextLook(aPurchase(), [], 60, later(1))).toBe(900);
    expect(nextLook(aPurchase(), [], 60, later(48))).toBe(3_600);
    expect(nextLook(captured, [], 60, later(0))).toBe(60);
    expect(nextLook({ ...captured, posted: 490n }, [], 60, later(0))).toBeUndefined();
    expect(nextLook(aPurchase({ state: 'CANCELED' }), [], 60, later(0))).toBeUndefined();
  });
});

function later(hours: number): Date {
  return new Date(aPurchase().createdAt.getTime() + hours * 3_600_000);
}

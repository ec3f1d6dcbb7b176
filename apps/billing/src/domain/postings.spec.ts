import fc from 'fast-check';
import { aPurchase } from '../../test/factories.js';
import type { BalanceLine } from './payment.js';
import { periodOf, post, type Posting } from './postings.js';

const AT = new Date('2026-03-31T22:30:00Z');
const NONE: ReadonlySet<string> = new Set();

function line(presented: bigint, parts: Partial<BalanceLine> = {}): BalanceLine {
  const fee = parts.fee ?? 0n;
  const amount = parts.amount ?? presented;
  return { id: 'txn_1', category: 'charge', presented, currency: 'EUR', amount, fee, net: amount - fee, occurredAt: AT, ...parts };
}

function balance(postings: readonly Posting[], account: string, currency = 'EUR'): bigint {
  return postings
    .filter((posting) => posting.account === account && posting.currency === currency)
    .reduce((total, posting) => total + posting.debit - posting.credit, 0n);
}

function totals(postings: readonly Posting[]): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const { currency, debit, credit } of postings) sums[currency] = (sums[currency] ?? 0n) + debit - credit;
  return sums;
}

describe('postings', () => {
  it('split a capture into revenue, tax and what Stripe keeps', () => {
    const { purchase, transactions } = post(aPurchase(), [line(490n, { fee: 32n })], NONE, 'Europe/Berlin');
    expect(transactions[0]!.postings).toEqual([
      { account: 'stripe_clearing', currency: 'EUR', debit: 458n, credit: 0n },
      { account: 'stripe_fees', currency: 'EUR', debit: 32n, credit: 0n },
      { account: 'revenue', currency: 'EUR', debit: 0n, credit: 412n },
      { account: 'tax_payable', currency: 'EUR', debit: 0n, credit: 78n },
    ]);
    expect(purchase.posted).toBe(490n);
  });

  it('leave the fee behind when 99.00 with a fee of 3.17 go back: −3.17', () => {
    const callBack = aPurchase({ gross: 9900n, net: 8319n, tax: 1581n });
    const lines = [line(9900n, { fee: 317n }), line(-9900n, { id: 'txn_2', category: 'refund' })];
    const postings = post(callBack, lines, NONE, 'UTC').transactions.flatMap((t) => t.postings);
    expect(balance(postings, 'stripe_clearing')).toBe(-317n);
    expect(balance(postings, 'stripe_fees')).toBe(317n);
    expect([balance(postings, 'revenue'), balance(postings, 'tax_payable')]).toEqual([0n, 0n]);
  });

  it('are made once for a line', () => {
    expect(post(aPurchase({ posted: 490n }), [line(490n)], new Set(['txn_1']), 'UTC').transactions).toEqual([]);
  });

  it('belong to the month of the desk', () => {
    expect([periodOf(AT, 'Europe/Berlin'), periodOf(AT, 'UTC'), periodOf(AT, 'America/New_York')]).toEqual([
      '2026-04',
      '2026-03',
      '2026-03',
    ]);
  });

  it('balance in every currency, and parts add up to the tax of the whole, in any order', () => {
    const sale = fc.record({
      gross: fc.bigInt(1n, 10n ** 9n),
      rate: fc.integer({ min: 0, max: 3_000 }),
      cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
      fee: fc.bigInt(0n, 500n),
      dollars: fc.boolean(),
    });
    fc.assert(
      fc.property(sale, ({ gross, rate, cuts, fee, dollars }) => {
        const settle = (minor: bigint): Partial<BalanceLine> =>
          dollars ? { currency: 'USD', amount: (minor * 11n) / 10n } : {};
        const bounds = [0n, ...cuts.map((cut) => BigInt(Math.floor(Number(gross) * cut))).sort((a, b) => (a < b ? -1 : 1)), gross];
        const parts = bounds.slice(1).map((bound, i) => bound - bounds[i]!).filter((part) => part > 0n);
        const refunds = parts.toReversed().map((part, i) => line(-part, { id: `txn_r${i}`, ...settle(-part) }));
        const lines = [line(gross, { fee, ...settle(gross) }), ...refunds];
        const { purchase, transactions } = post(aPurchase({ gross, taxBasisPoints: rate }), lines, NONE, 'UTC');
        for (const { postings } of transactions) {
          expect(Object.values(totals(postings)).every((total) => total === 0n)).toBe(true);
          expect(postings.every((p) => (p.debit === 0n) !== (p.credit === 0n) && p.debit >= 0n && p.credit >= 0n)).toBe(true);
        }
        const all = transactions.flatMap((t) => t.postings);
        expect([balance(all, 'revenue'), balance(all, 'tax_payable'), purchase.posted]).toEqual([0n, 0n, 0n]);
        expect(balance(all, 'stripe_fees', dollars ? 'USD' : 'EUR')).toBe(fee);
      }),
    );
  });
});

import fc from 'fast-check';
import { add, compare, money, splitGross, subtract } from './money.js';

describe('money', () => {
  it('splits 4.90 € at 19 % into 4.12 € net and 0.78 € tax', () => {
    expect(splitGross(money(490, 'EUR'), 1900)).toEqual({ net: money(412, 'EUR'), tax: money(78, 'EUR') });
  });

  it('works in currencies with no and with three decimals', () => {
    expect(splitGross(money(1100, 'JPY'), 1000)).toEqual({ net: money(1000, 'JPY'), tax: money(100, 'JPY') });
    expect(splitGross(money(1050, 'BHD'), 500)).toEqual({ net: money(1000, 'BHD'), tax: money(50, 'BHD') });
  });

  it('never mixes currencies', () => {
    expect(() => add(money(1, 'EUR'), money(1, 'USD'))).toThrow('EUR and USD do not mix');
  });

  it('net + tax is the gross, and the tax is never off by more than half a unit', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 12n), fc.integer({ min: 0, max: 10_000 }), (gross, rate) => {
        const { net, tax } = splitGross(money(gross, 'EUR'), rate);
        expect(compare(add(net, tax), money(gross, 'EUR'))).toBe(0);
        const exact = net.minor * BigInt(rate) - tax.minor * 10_000n;
        const bound = 5_000n + BigInt(rate) / 2n + 1n;
        expect(exact <= bound && exact >= -bound).toBe(true);
        expect(subtract(money(gross, 'EUR'), net)).toEqual(tax);
      }),
    );
  });
});

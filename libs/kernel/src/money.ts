/** An amount in minor units of an ISO 4217 currency: 490n EUR is 4.90 €, 490n JPY is 490 ¥. Never a float. */
export interface Money {
  readonly minor: bigint;
  readonly currency: string;
}

export function money(minor: bigint | number | string, currency: string): Money {
  if (!/^[A-Z]{3}$/.test(currency)) throw new RangeError(`not an ISO 4217 currency: ${currency}`);
  return { minor: BigInt(minor), currency };
}

export function add(a: Money, b: Money): Money {
  return { minor: a.minor + sameCurrency(a, b).minor, currency: a.currency };
}

export function subtract(a: Money, b: Money): Money {
  return { minor: a.minor - sameCurrency(a, b).minor, currency: a.currency };
}

export function compare(a: Money, b: Money): -1 | 0 | 1 {
  const other = sameCurrency(a, b).minor;
  return a.minor < other ? -1 : a.minor > other ? 1 : 0;
}

/**
 * Splits a gross amount into net and tax at a rate in basis points (1900 = 19 %). The tax is rounded half up to a
 * minor unit and the net is the rest, so that net + tax is the gross to the last unit.
 */
export function splitGross(gross: Money, basisPoints: number): { net: Money; tax: Money } {
  const rate = BigInt(basisPoints);
  const divisor = 10_000n + rate;
  const tax = (gross.minor * rate * 2n + divisor) / (2n * divisor);
  return {
    net: { minor: gross.minor - tax, currency: gross.currency },
    tax: { minor: tax, currency: gross.currency },
  };
}

function sameCurrency(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new RangeError(`${a.currency} and ${b.currency} do not mix`);
  return b;
}

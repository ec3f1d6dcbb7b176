/** Stripe counts these two with decimals that ISO 4217 does not give them: 100 ISK are sent as 10000. */
const TIMES_HUNDRED = new Set(['ISK', 'UGX']);

/** Minor units of ISO 4217 as Stripe wants them. */
export function toStripeAmount(minor: bigint, currency: string): number {
  const amount = Number(minor) * factor(currency);
  if (!Number.isSafeInteger(amount)) throw new RangeError(`${minor} ${currency} is more than Stripe can take`);
  return amount;
}

export function fromStripeAmount(amount: number, currency: string): bigint {
  return BigInt(amount) / BigInt(factor(currency));
}

function factor(currency: string): number {
  return TIMES_HUNDRED.has(currency.toUpperCase()) ? 100 : 1;
}

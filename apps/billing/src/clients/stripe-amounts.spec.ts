import { fromStripeAmount, toStripeAmount } from './stripe-amounts.js';

describe('amounts', () => {
  it('are sent to Stripe in Stripe’s own units', () => {
    for (const [minor, currency, sent] of [[490n, 'EUR', 490], [1100n, 'JPY', 1100], [1050n, 'BHD', 1050], [100n, 'ISK', 10_000]] as const) {
      expect(toStripeAmount(minor, currency)).toBe(sent);
      expect(fromStripeAmount(sent, currency.toLowerCase())).toBe(minor);
    }
    expect(() => toStripeAmount(2n ** 60n, 'EUR')).toThrow('more than Stripe can take');
  });
});

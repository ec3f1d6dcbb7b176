import Stripe from 'stripe';
import type { StackDescription } from '../infrastructure/stack-file.js';

/**
 * What the customer's browser does with Stripe's own code: it pays with the client secret that billing handed out.
 * Errors: Stripe's own, as StripeCardError where the bank refuses.
 */
export function payInBrowser(stack: StackDescription, clientSecret: string, paymentMethod: string): Promise<Stripe.PaymentIntent> {
  const { hostname, port, protocol } = new URL(stack.stripe.apiBase);
  const stripe = new Stripe(stack.stripe.apiKey, {
    protocol: protocol === 'https:' ? 'https' : 'http',
    host: hostname,
    ...(port ? { port: Number(port) } : {}),
  });
  const intent = clientSecret.slice(0, clientSecret.indexOf('_secret'));
  return stripe.paymentIntents.confirm(intent, { payment_method: paymentMethod });
}

import Stripe from 'stripe';
import { type Purchase, PurchaseState } from '#contracts/generated/priolane/billing/v1/purchase.js';
import type { Quote } from '#contracts/generated/priolane/billing/v1/price.js';
import type { Ticket } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { newId } from '#kernel/ids.js';
import type { StackDescription } from '#testing/infrastructure/stack-file.js';
import { payInBrowser } from '#testing/stack/browser.js';
import { becomes, given, NotAsTheRuleSays } from './expect.js';
import type { Person } from './people.js';

type State = 'AWAITING_PAYMENT' | 'AUTHORIZED' | 'CAPTURED' | 'FAILED' | 'CANCELED' | 'VOIDED' | 'REFUNDED';

export interface Bought {
  readonly quote: Quote;
  readonly purchase: Purchase;
  readonly clientSecret: string;
}

export async function asksPrice(person: Person, ticket: Ticket, productId: string): Promise<Quote> {
  const request = { requestId: newId(), ticketId: ticket.id, productId, language: 'en' };
  return given((await person.session.prices.createQuote(request)).quote, 'quote');
}

/** Orders what was quoted; nothing is paid yet. */
export async function accepts(person: Person, quote: Quote, consentAccepted = true): Promise<Bought> {
  const request = { requestId: newId(), quoteId: quote.id, consentAccepted, consentVersion: quote.consentVersion };
  const { purchase, clientSecret } = await person.session.purchases.createPurchase(request);
  return { quote, purchase: given(purchase, 'purchase'), clientSecret };
}

/** Asks for the price, accepts it and the text, and orders. */
export async function orders(person: Person, ticket: Ticket, productId: string): Promise<Bought> {
  return accepts(person, await asksPrice(person, ticket, productId));
}

/** The customer pays in the browser. Answers whether the bank agreed. */
export async function pays(stack: StackDescription, { clientSecret }: Bought, card: string): Promise<boolean> {
  try {
    await payInBrowser(stack, clientSecret, card);
    return true;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeCardError) return false;
    throw error;
  }
}

export async function purchaseBecomes(person: Person, { purchase }: Bought, state: State): Promise<Purchase> {
  const ask = async () => (await person.session.purchases.getPurchase({ purchaseId: purchase.id })).purchase;
  await becomes(`the purchase of ${purchase.ticketNumber}`, async () => stateOf(await ask()), state);
  return given(await ask(), 'purchase');
}

function stateOf(purchase: Purchase | null | undefined): string {
  const name = purchase ? PurchaseState[purchase.state] : undefined;
  if (name === undefined) throw new NotAsTheRuleSays('the purchase has no state');
  return name.replace('PURCHASE_STATE_', '');
}

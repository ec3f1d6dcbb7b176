import type { DeskDocument } from '#kernel/desk/document.js';
import { textIn } from '#kernel/desk/lookups.js';
import { NOTIFICATION_EVENTS } from '#kernel/desk/messages.js';
import { type Money, splitGross } from '#kernel/money.js';
import type { Happening, KnownTicket, Person, Variables } from './happening.js';
import { formatMoney } from './variables.js';

export interface PurchaseFacts {
  readonly productId: string;
  readonly priceVersion: number;
  readonly gross: Money;
  readonly refunded: Money;
  readonly buyer: Person;
}

/** What became of a purchase, for whoever bought (OFC-8, SHP-3); the ticket's requester may be somebody else. */
export function purchaseChanged(eventType: string, ticket: KnownTicket, purchase: PurchaseFacts): Happening {
  return {
    kinds: NOTIFICATION_EVENTS.filter((kind) => kind === eventType),
    ticket,
    productId: purchase.productId,
    accounts: [purchase.buyer],
    variables: (desk, language) => purchaseVariables(desk, language, purchase),
  };
}

function purchaseVariables(desk: DeskDocument, language: string, purchase: PurchaseFacts): Variables {
  const product = desk.products[purchase.productId];
  const price = product?.prices.find((version) => version.version === purchase.priceVersion);
  const split = price && splitGross(purchase.gross, price.taxBasisPoints);
  return {
    'purchase.label': product ? textIn(desk, product.label, language) : purchase.productId,
    'purchase.price': formatMoney(purchase.gross, language),
    'purchase.refunded': formatMoney(purchase.refunded, language),
    ...(split
      ? { 'purchase.net': formatMoney(split.net, language), 'purchase.tax': formatMoney(split.tax, language) }
      : {}),
  };
}

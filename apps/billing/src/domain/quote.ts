import type { ProductSpec } from '#kernel/desk/commerce.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { matches, priceAt, textIn } from '#kernel/desk/lookups.js';
import { DomainError, illegalState, invalid } from '#kernel/errors.js';
import { type Money, money, splitGross } from '#kernel/money.js';
import type { Purchase } from './purchase.js';
import { isOver, type Ticket, traitsOf } from './ticket.js';

const VALID_MS = 30 * 60_000;

export interface Quote {
  readonly id: string;
  readonly deskId: string;
  readonly organisationId?: string;
  readonly requesterAccountId?: string;
  readonly ticketId: string;
  readonly productId: string;
  readonly priceVersion: number;
  readonly currency: string;
  readonly net: bigint;
  readonly tax: bigint;
  readonly gross: bigint;
  readonly taxBasisPoints: number;
  readonly included: boolean;
  readonly consentText: string;
  readonly consentVersion: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** The desk's product. Errors: INVALID on `product_id`. */
export function productOf(desk: DeskDocument, productId: string): ProductSpec {
  const product = Object.hasOwn(desk.products, productId) ? desk.products[productId] : undefined;
  if (!product) {
    const known = Object.keys(desk.products).join(', ') || 'nothing';
    throw invalid([{ field: 'product_id', description: `${productId} is not sold here; this desk sells ${known}` }]);
  }
  return product;
}

/** What an organisation's package gives for free in a month or year of the desk's time zone. */
export interface Allowance {
  readonly organisationId: string;
  readonly productId: string;
  readonly count: number;
  readonly per: 'month' | 'year';
  readonly timeZone: string;
}

/** Undefined where the package gives nothing, or the ticket belongs to no organisation. */
export function allowanceOf(desk: DeskDocument, ticket: Ticket, productId: string): Allowance | undefined {
  const { organisationId, packageId } = ticket;
  const included = desk.packages.find((entry) => entry.id === packageId)?.included?.[productId];
  return included && organisationId ? { ...included, organisationId, productId, timeZone: desk.timeZone } : undefined;
}

/** A price for one ticket, at what is in force now (SHP-3, OFC-8). Errors: STATE PRODUCT_NOT_OFFERED. */
export function makeQuote(
  desk: DeskDocument,
  ticket: Ticket,
  product: ProductSpec,
  how: { readonly id: string; readonly language?: string; readonly included: boolean },
  now: Date,
): Quote {
  const price = priceAt(product, now);
  if (!price || isOver(ticket) || !offered(product, ticket)) throw notOffered(product, ticket);
  const gross = money(how.included ? 0 : price.minor, price.currency);
  const { net, tax } = splitGross(gross, price.taxBasisPoints);
  const language = how.language ?? ticket.language;
  return {
    id: how.id,
    deskId: ticket.deskId,
    organisationId: ticket.organisationId,
    requesterAccountId: ticket.requesterAccountId,
    ticketId: ticket.id,
    productId: product.id,
    priceVersion: price.version,
    currency: price.currency,
    net: net.minor,
    tax: tax.minor,
    gross: gross.minor,
    taxBasisPoints: price.taxBasisPoints,
    included: how.included,
    consentText: textIn(desk, product.consent.text, language).replaceAll('{{price}}', inWords(gross, language)),
    consentVersion: product.consent.version,
    createdAt: now,
    expiresAt: new Date(now.getTime() + VALID_MS),
  };
}

export function notOffered(product: ProductSpec, ticket: Ticket): DomainError {
  return new DomainError('STATE', 'PRODUCT_NOT_OFFERED', `${product.id} is not offered for this ticket`, {
    metadata: { product_id: product.id, current: ticket.statusKind, allowed: '' },
  });
}

/** Errors: STATE PURCHASE_EXISTS. */
export function refuseSecondQuote(live: Purchase | undefined): void {
  if (live) throw illegalState('PURCHASE_EXISTS', 'this was bought for the ticket already', live.state, []);
}

/** `4,90 €`, to the last digit: the amount never becomes a float. */
export function inWords({ minor, currency }: Money, language: string): string {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  const digits = String(minor).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const text = decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`;
  return format.format(text as `${number}`);
}

/** Conditions on the form's answers or an assessment never hold: billing does not know them. */
function offered(product: ProductSpec, ticket: Ticket): boolean {
  const { offeredWhen } = product;
  if (!offeredWhen) return true;
  const { fields, bands, signedIn, verified } = offeredWhen;
  if (fields !== undefined || bands !== undefined) return false;
  // Only people who are signed in can ask for a quote.
  if (signedIn === false || verified === false) return false;
  return matches(offeredWhen, traitsOf(ticket));
}

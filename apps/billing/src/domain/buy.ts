import type { ProductSpec } from '#kernel/desk/commerce.js';
import { DomainError } from '#kernel/errors.js';
import { type Buyer, type Changed, move, type Purchase, tell, unchanged } from './purchase.js';
import { notOffered, type Quote } from './quote.js';
import { isOver, type Ticket } from './ticket.js';

export interface Consent {
  readonly accepted: boolean;
  readonly version: number;
}

/**
 * Buys what was quoted, at the quoted price. What a package includes is in force at once. Errors: STATE CONSENT_REQUIRED,
 * QUOTE_EXPIRED, PRODUCT_NOT_OFFERED once the ticket is solved.
 */
export function buy(
  quote: Quote,
  ticket: Ticket,
  product: ProductSpec,
  buyer: Buyer,
  consent: Consent,
  id: string,
  now: Date,
): Changed {
  if (!consent.accepted || consent.version !== quote.consentVersion) {
    throw new DomainError('STATE', 'CONSENT_REQUIRED', 'the text of the quote has to be accepted first', {
      metadata: { consent_version: String(quote.consentVersion) },
    });
  }
  if (quote.expiresAt <= now) {
    throw new DomainError('STATE', 'QUOTE_EXPIRED', 'the quote is no longer valid; ask for another', {
      metadata: { expired_at: quote.expiresAt.toISOString() },
    });
  }
  if (isOver(ticket)) throw notOffered(product, ticket);
  const created = tell(unchanged(purchaseOf(quote, ticket, product, buyer, id, now)), 'created', now);
  if (!quote.included) return created;
  if (product.kind === 'call_back') return move(created, 'AUTHORIZED', now, { authorizedAt: now });
  return move(created, 'CAPTURED', now, { authorizedAt: now, capturedAt: now });
}

function purchaseOf(quote: Quote, ticket: Ticket, product: ProductSpec, buyer: Buyer, id: string, now: Date): Purchase {
  return {
    id,
    deskId: quote.deskId,
    organisationId: quote.organisationId,
    requesterAccountId: quote.requesterAccountId,
    ticketId: ticket.id,
    ticketNumber: ticket.number,
    productId: product.id,
    productKind: product.kind,
    priceVersion: quote.priceVersion,
    terms: {
      effectLane: product.effect.lane,
      refundOnBreach: product.refundOnBreach,
      refundableBy: product.refundableBy,
      onCause: product.kind === 'call_back' ? product.onCause : undefined,
    },
    included: quote.included,
    currency: quote.currency,
    net: quote.net,
    tax: quote.tax,
    gross: quote.gross,
    taxBasisPoints: quote.taxBasisPoints,
    buyer,
    quoteId: quote.id,
    consent: { text: quote.consentText, version: quote.consentVersion, acceptedAt: now },
    state: 'CREATED',
    authorized: 0n,
    captured: 0n,
    refunded: 0n,
    refunding: 0n,
    posted: 0n,
    sequence: 0,
    revision: 0,
    createdAt: now,
    updatedAt: now,
  };
}

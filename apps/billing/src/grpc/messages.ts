import type { Quote as QuoteMessage } from '#contracts/generated/priolane/billing/v1/price.js';
import { type Purchase as PurchaseMessage, PurchaseState } from '#contracts/generated/priolane/billing/v1/purchase.js';
import { toTimestamp, toTimestampOrNull } from '#platform/grpc/timestamps.js';
import type { Purchase } from '../domain/purchase.js';
import type { Quote } from '../domain/quote.js';

export function toQuoteMessage(quote: Quote): QuoteMessage {
  const { currency } = quote;
  return {
    id: quote.id,
    ticketId: quote.ticketId,
    productId: quote.productId,
    priceVersion: quote.priceVersion,
    net: { minor: String(quote.net), currency },
    tax: { minor: String(quote.tax), currency },
    gross: { minor: String(quote.gross), currency },
    taxBasisPoints: quote.taxBasisPoints,
    consentText: quote.consentText,
    consentVersion: quote.consentVersion,
    expiresAt: toTimestamp(quote.expiresAt),
    includedInPackage: quote.included,
  };
}

export function toPurchaseMessage(purchase: Purchase): PurchaseMessage {
  const { currency } = purchase;
  return {
    id: purchase.id,
    deskId: purchase.deskId,
    organisationId: purchase.organisationId ?? '',
    ticketId: purchase.ticketId,
    ticketNumber: purchase.ticketNumber,
    productId: purchase.productId,
    priceVersion: purchase.priceVersion,
    state: PurchaseState[`PURCHASE_STATE_${purchase.state}`],
    net: { minor: String(purchase.net), currency },
    tax: { minor: String(purchase.tax), currency },
    gross: { minor: String(purchase.gross), currency },
    captured: { minor: String(purchase.captured), currency },
    refunded: { minor: String(purchase.refunded), currency },
    paymentIntentId: purchase.intentId ?? '',
    createdAt: toTimestamp(purchase.createdAt),
    capturedAt: toTimestampOrNull(purchase.capturedAt),
    captureBefore: toTimestampOrNull(purchase.captureBefore),
    failureReason: purchase.failureReason ?? '',
  };
}

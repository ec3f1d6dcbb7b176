import type { PaymentSeen } from '../src/domain/payment.js';
import type { Purchase } from '../src/domain/purchase.js';

const AT = new Date('2026-03-02T08:00:00Z');

/** A priority fee of 4.90 €, waiting to be paid unless told otherwise. */
export function aPurchase(parts: Partial<Purchase> = {}): Purchase {
  return {
    id: '0195a1f0-0000-7000-8000-000000000001',
    deskId: 'webshop',
    requesterAccountId: 'kim',
    ticketId: '0195a1f0-0000-7000-8000-000000000002',
    ticketNumber: '100001',
    productId: 'priority',
    productKind: 'priority_fee',
    priceVersion: 1,
    terms: { effectLane: 'priority', refundOnBreach: ['firstResponse'], refundableBy: ['lead', 'finance'] },
    included: false,
    currency: 'EUR',
    net: 412n,
    tax: 78n,
    gross: 490n,
    taxBasisPoints: 1900,
    buyer: { accountId: 'kim', name: 'Kim Customer', email: 'kim@example.com' },
    quoteId: '0195a1f0-0000-7000-8000-000000000003',
    consent: { text: 'For €4.90 …', version: 1, acceptedAt: AT },
    state: 'AWAITING_PAYMENT',
    authorized: 0n,
    captured: 0n,
    refunded: 0n,
    refunding: 0n,
    posted: 0n,
    sequence: 1,
    revision: 1,
    createdAt: AT,
    updatedAt: AT,
    ...parts,
  };
}

/** A payment that nobody has tried to pay yet. */
export function aPayment(parts: Partial<PaymentSeen> = {}): PaymentSeen {
  return { intentId: 'pi_1', clientSecret: 'pi_1_secret', status: 'open', refunds: [], lines: [], ...parts };
}

export function aCharge(minor: bigint, captured: bigint): NonNullable<PaymentSeen['charge']> {
  return { id: 'ch_1', authorized: minor, authorizedAt: AT, captured };
}

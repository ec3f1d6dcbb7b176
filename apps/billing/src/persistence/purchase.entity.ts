import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ProductSpec } from '#kernel/desk/commerce.js';
import type { Terms } from '../domain/purchase.js';
import type { PurchaseState } from '../domain/purchase-state.js';

@Entity('purchase')
export class PurchaseRecord {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'desk_id' })
  deskId!: string;

  @Column('uuid', { name: 'organisation_id', nullable: true })
  organisationId!: string | null;

  @Column('text', { name: 'requester_account_id', nullable: true })
  requesterAccountId!: string | null;

  @Column('uuid', { name: 'ticket_id' })
  ticketId!: string;

  @Column('text', { name: 'ticket_number' })
  ticketNumber!: string;

  @Column('text', { name: 'product_id' })
  productId!: string;

  @Column('text', { name: 'product_kind' })
  productKind!: ProductSpec['kind'];

  @Column('integer', { name: 'price_version' })
  priceVersion!: number;

  @Column('jsonb')
  terms!: Terms;

  @Column('boolean')
  included!: boolean;

  @Column('text')
  currency!: string;

  @Column('bigint', { name: 'net_minor' })
  netMinor!: string;

  @Column('bigint', { name: 'tax_minor' })
  taxMinor!: string;

  @Column('bigint', { name: 'gross_minor' })
  grossMinor!: string;

  @Column('integer', { name: 'tax_basis_points' })
  taxBasisPoints!: number;

  @Column('text', { name: 'buyer_account_id' })
  buyerAccountId!: string;

  @Column('text', { name: 'buyer_name' })
  buyerName!: string;

  @Column('text', { name: 'buyer_email' })
  buyerEmail!: string;

  @Column('uuid', { name: 'quote_id' })
  quoteId!: string;

  @Column('text', { name: 'consent_text' })
  consentText!: string;

  @Column('integer', { name: 'consent_version' })
  consentVersion!: number;

  @Column('timestamptz', { name: 'consented_at' })
  consentedAt!: Date;

  @Column('text')
  state!: PurchaseState;

  @Column('text', { nullable: true })
  closing!: 'capture' | 'cancel' | null;

  @Column('text', { name: 'intent_id', nullable: true })
  intentId!: string | null;

  @Column('text', { name: 'client_secret', nullable: true })
  clientSecret!: string | null;

  @Column('text', { name: 'charge_id', nullable: true })
  chargeId!: string | null;

  @Column('bigint', { name: 'authorized_minor' })
  authorizedMinor!: string;

  @Column('timestamptz', { name: 'authorized_at', nullable: true })
  authorizedAt!: Date | null;

  @Column('timestamptz', { name: 'capture_before', nullable: true })
  captureBefore!: Date | null;

  @Column('bigint', { name: 'captured_minor' })
  capturedMinor!: string;

  @Column('timestamptz', { name: 'captured_at', nullable: true })
  capturedAt!: Date | null;

  @Column('bigint', { name: 'refunded_minor' })
  refundedMinor!: string;

  @Column('bigint', { name: 'refunding_minor' })
  refundingMinor!: string;

  @Column('bigint', { name: 'posted_minor' })
  postedMinor!: string;

  @Column('text', { name: 'failure_reason', nullable: true })
  failureReason!: string | null;

  @Column('integer')
  sequence!: number;

  @Column('integer')
  revision!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}

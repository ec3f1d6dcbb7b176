import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PurchaseTables1760000040000 implements MigrationInterface {
  name = 'PurchaseTables1760000040000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ticket (
        id uuid PRIMARY KEY,
        desk_id text NOT NULL,
        number text NOT NULL,
        organisation_id uuid,
        requester_account_id text,
        package_id text,
        type text NOT NULL,
        department text,
        priority text,
        channel text NOT NULL,
        lane text NOT NULL,
        status_kind text NOT NULL,
        language text NOT NULL,
        sequence integer NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE quote (
        id uuid PRIMARY KEY,
        desk_id text NOT NULL,
        organisation_id uuid,
        requester_account_id text,
        ticket_id uuid NOT NULL REFERENCES ticket (id),
        product_id text NOT NULL,
        price_version integer NOT NULL,
        currency text NOT NULL,
        net_minor bigint NOT NULL,
        tax_minor bigint NOT NULL,
        gross_minor bigint NOT NULL,
        tax_basis_points integer NOT NULL,
        included boolean NOT NULL,
        consent_text text NOT NULL,
        consent_version integer NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        CHECK (net_minor + tax_minor = gross_minor)
      )`);
    await this.createPurchase(runner);
    await runner.query(`
      CREATE TABLE refund (
        id uuid PRIMARY KEY,
        purchase_id uuid NOT NULL REFERENCES purchase (id),
        amount_minor bigint NOT NULL CHECK (amount_minor > 0),
        reason text NOT NULL,
        approver text NOT NULL,
        state text NOT NULL CHECK (state IN ('decided', 'pending', 'succeeded', 'failed')),
        stripe_id text UNIQUE,
        decided_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX refund_purchase ON refund (purchase_id, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE refund, purchase, quote, ticket');
  }

  private async createPurchase(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE purchase (
        id uuid PRIMARY KEY,
        desk_id text NOT NULL,
        organisation_id uuid,
        requester_account_id text,
        ticket_id uuid NOT NULL REFERENCES ticket (id),
        ticket_number text NOT NULL,
        product_id text NOT NULL,
        product_kind text NOT NULL,
        price_version integer NOT NULL,
        terms jsonb NOT NULL,
        included boolean NOT NULL,
        currency text NOT NULL,
        net_minor bigint NOT NULL,
        tax_minor bigint NOT NULL,
        gross_minor bigint NOT NULL,
        tax_basis_points integer NOT NULL,
        buyer_account_id text NOT NULL,
        buyer_name text NOT NULL,
        buyer_email text NOT NULL,
        quote_id uuid NOT NULL REFERENCES quote (id),
        consent_text text NOT NULL,
        consent_version integer NOT NULL,
        consented_at timestamptz NOT NULL,
        state text NOT NULL CHECK (state IN
          ('CREATED', 'AWAITING_PAYMENT', 'AUTHORIZED', 'CAPTURED', 'FAILED', 'CANCELED', 'VOIDED', 'REFUNDED')),
        closing text CHECK (closing IN ('capture', 'cancel')),
        intent_id text UNIQUE,
        client_secret text,
        charge_id text,
        authorized_minor bigint NOT NULL,
        authorized_at timestamptz,
        capture_before timestamptz,
        captured_minor bigint NOT NULL,
        captured_at timestamptz,
        refunded_minor bigint NOT NULL,
        refunding_minor bigint NOT NULL,
        disputed_minor bigint NOT NULL DEFAULT 0,
        posted_minor bigint NOT NULL,
        failure_reason text,
        sequence integer NOT NULL,
        revision integer NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        look_at timestamptz,
        CHECK (net_minor + tax_minor = gross_minor),
        CONSTRAINT purchase_authorized CHECK (authorized_minor BETWEEN 0 AND gross_minor),
        CONSTRAINT purchase_captured CHECK (captured_minor BETWEEN 0 AND authorized_minor),
        CONSTRAINT purchase_given_back CHECK (
          refunded_minor >= 0 AND refunding_minor >= 0 AND disputed_minor >= 0
          AND refunded_minor + refunding_minor + disputed_minor <= captured_minor)
      )`);
    // At most one live purchase of a ticket and product, whoever asks at the same time.
    await runner.query(`
      CREATE UNIQUE INDEX purchase_live ON purchase (ticket_id, product_id)
      WHERE state IN ('CREATED', 'AWAITING_PAYMENT', 'AUTHORIZED', 'CAPTURED')`);
    await runner.query('CREATE INDEX purchase_ticket ON purchase (ticket_id, id)');
    await runner.query('CREATE INDEX purchase_desk ON purchase (desk_id, created_at, id)');
    await runner.query(`
      CREATE INDEX purchase_included ON purchase (organisation_id, product_id, created_at) WHERE included`);
    // When Stripe is to be asked about it unless an event comes first; the wall clock's time, not the business's.
    await runner.query('CREATE INDEX purchase_look_at ON purchase (look_at) WHERE look_at IS NOT NULL');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Double entry, append-only. That every transaction balances in each currency is the database's own affair. */
export class LedgerTables1760000042000 implements MigrationInterface {
  name = 'LedgerTables1760000042000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ledger_account (
        id text PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('asset', 'liability', 'income', 'expense', 'clearing'))
      )`);
    await runner.query(`
      INSERT INTO ledger_account (id, kind) VALUES
        ('stripe_clearing', 'asset'), ('stripe_fees', 'expense'), ('revenue', 'income'), ('tax_payable', 'liability'),
        ('currency_exchange', 'clearing')`);
    await runner.query(`
      CREATE TABLE ledger_transaction (
        id uuid PRIMARY KEY,
        desk_id text NOT NULL,
        purchase_id uuid NOT NULL REFERENCES purchase (id),
        balance_transaction_id text NOT NULL UNIQUE,
        description text NOT NULL,
        exchange_rate text,
        period text NOT NULL CHECK (period ~ '^\\d{4}-(0[1-9]|1[0-2])$'),
        occurred_at timestamptz NOT NULL,
        posted_at timestamptz NOT NULL,
        written_by xid8 NOT NULL DEFAULT pg_current_xact_id()
      )`);
    await runner.query('CREATE INDEX ledger_transaction_purchase ON ledger_transaction (purchase_id)');
    await runner.query('CREATE INDEX ledger_transaction_period ON ledger_transaction (desk_id, period, posted_at, id)');
    await runner.query(`
      CREATE TABLE ledger_posting (
        transaction_id uuid NOT NULL REFERENCES ledger_transaction (id),
        line smallint NOT NULL,
        account text NOT NULL REFERENCES ledger_account (id),
        currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
        debit_minor bigint NOT NULL CHECK (debit_minor >= 0),
        credit_minor bigint NOT NULL CHECK (credit_minor >= 0),
        PRIMARY KEY (transaction_id, line),
        CHECK ((debit_minor = 0) <> (credit_minor = 0))
      )`);
    await this.refuseUnbalanced(runner);
    await this.refuseChanges(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ledger_posting, ledger_transaction, ledger_account');
    await runner.query('DROP FUNCTION ledger_check_balance, ledger_check_postings, ledger_check_writer, ledger_refuse');
  }

  private async refuseUnbalanced(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION ledger_check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (SELECT FROM ledger_posting WHERE transaction_id = NEW.transaction_id
                   GROUP BY currency HAVING sum(debit_minor) <> sum(credit_minor)) THEN
          RAISE EXCEPTION 'ledger transaction % does not balance', NEW.transaction_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balance';
        END IF;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE CONSTRAINT TRIGGER ledger_balance AFTER INSERT ON ledger_posting
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_balance()`);
    await runner.query(`
      CREATE FUNCTION ledger_check_postings() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NOT EXISTS (SELECT FROM ledger_posting WHERE transaction_id = NEW.id) THEN
          RAISE EXCEPTION 'ledger transaction % has no postings', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_postings';
        END IF;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE CONSTRAINT TRIGGER ledger_postings AFTER INSERT ON ledger_transaction
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_postings()`);
  }

  private async refuseChanges(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
          USING ERRCODE = 'insufficient_privilege';
      END $$`);
    for (const table of ['ledger_account', 'ledger_transaction', 'ledger_posting']) {
      await runner.query(`
        CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()`);
    }
    // Or somebody could add a balanced pair to a transaction that is long in the books.
    await runner.query(`
      CREATE FUNCTION ledger_check_writer() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NOT EXISTS (SELECT FROM ledger_transaction
                       WHERE id = NEW.transaction_id AND written_by = pg_current_xact_id()) THEN
          RAISE EXCEPTION 'ledger transaction % is complete', NEW.transaction_id USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
      END $$`);
    await runner.query(`
      CREATE TRIGGER ledger_posting_writer BEFORE INSERT ON ledger_posting
      FOR EACH ROW EXECUTE FUNCTION ledger_check_writer()`);
  }
}

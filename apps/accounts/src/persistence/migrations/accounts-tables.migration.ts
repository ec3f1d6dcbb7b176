import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Desks, organisations, accounts, sessions, API keys and signing keys. */
export class AccountsTables1760000010000 implements MigrationInterface {
  name = 'AccountsTables1760000010000';

  async up(runner: QueryRunner): Promise<void> {
    await this.createDesks(runner);
    await this.createOrganisationsAndAccounts(runner);
    await this.createSessions(runner);
    await this.createKeys(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE signing_keys, api_keys, sign_in_attempts, refresh_tokens, sessions, accounts, organisations,
       desk_versions, desks`,
    );
  }

  private async createDesks(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE desks (
        id text PRIMARY KEY CHECK (id <> '*'),
        aggregate_id uuid NOT NULL UNIQUE,
        version integer NOT NULL,
        sequence integer NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE desk_versions (
        desk_id text NOT NULL REFERENCES desks (id),
        version integer NOT NULL CHECK (version > 0),
        name text NOT NULL,
        document json NOT NULL,
        content_hash bytea NOT NULL,
        applied_at timestamptz NOT NULL,
        PRIMARY KEY (desk_id, version)
      )`);
  }

  private async createOrganisationsAndAccounts(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE organisations (
        id uuid PRIMARY KEY,
        desk_id text NOT NULL REFERENCES desks (id),
        name text NOT NULL,
        package_id text,
        sequence integer NOT NULL,
        created_at timestamptz NOT NULL,
        UNIQUE (desk_id, id)
      )`);
    // The foreign key over both columns: nobody can be of one desk and of another desk's organisation.
    await runner.query(`
      CREATE TABLE accounts (
        id uuid PRIMARY KEY,
        desk_id text NOT NULL REFERENCES desks (id),
        organisation_id uuid,
        name text NOT NULL,
        email text NOT NULL,
        email_key text NOT NULL,
        roles text[] NOT NULL CHECK (cardinality(roles) > 0),
        language text NOT NULL,
        state text NOT NULL CHECK (state IN ('invited', 'active', 'closed')),
        password_hash text,
        invitation_hash bytea,
        invitation_expires_at timestamptz,
        sequence integer NOT NULL,
        created_at timestamptz NOT NULL,
        FOREIGN KEY (desk_id, organisation_id) REFERENCES organisations (desk_id, id),
        CHECK (organisation_id IS NOT NULL OR NOT roles && ARRAY['customer', 'account_manager']),
        CHECK (state <> 'active' OR password_hash IS NOT NULL),
        CHECK ((invitation_hash IS NULL) = (invitation_expires_at IS NULL))
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX accounts_email ON accounts (desk_id, email_key) WHERE state <> 'closed'`,
    );
    await runner.query('CREATE UNIQUE INDEX accounts_invitation ON accounts (invitation_hash) WHERE invitation_hash IS NOT NULL');
    await runner.query('CREATE INDEX accounts_organisation ON accounts (organisation_id, id)');
    await runner.query('CREATE INDEX accounts_desk ON accounts (desk_id, id)');
  }

  private async createSessions(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sessions (
        id uuid PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES accounts (id),
        started_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        end_reason text
      )`);
    await runner.query('CREATE INDEX sessions_open ON sessions (account_id) WHERE ended_at IS NULL');
    await runner.query('CREATE INDEX sessions_expiry ON sessions (expires_at)');
    await runner.query(`
      CREATE TABLE refresh_tokens (
        hash bytea PRIMARY KEY,
        session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        issued_at timestamptz NOT NULL,
        used_at timestamptz
      )`);
    await runner.query('CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id)');
    await runner.query(`
      CREATE TABLE sign_in_attempts (
        desk_id text NOT NULL,
        email_key text NOT NULL,
        count integer NOT NULL,
        last_at timestamptz NOT NULL,
        PRIMARY KEY (desk_id, email_key)
      )`);
    await runner.query('CREATE INDEX sign_in_attempts_last_at ON sign_in_attempts (last_at)');
  }

  private async createKeys(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE api_keys (
        id uuid PRIMARY KEY,
        desk_id text NOT NULL,
        name text NOT NULL,
        roles text[] NOT NULL CHECK (cardinality(roles) > 0),
        hash bytea NOT NULL UNIQUE,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        revoked_at timestamptz,
        last_used_at timestamptz
      )`);
    await runner.query('CREATE INDEX api_keys_desk ON api_keys (desk_id, id)');
    await runner.query(`
      CREATE TABLE signing_keys (
        kid text PRIMARY KEY,
        public_jwk text NOT NULL,
        sealed_private_jwk bytea NOT NULL,
        created_at timestamptz NOT NULL,
        active_from timestamptz,
        retired_at timestamptz,
        CHECK (retired_at IS NULL OR active_from IS NOT NULL)
      )`);
    await runner.query(
      'CREATE UNIQUE INDEX signing_keys_current ON signing_keys ((true)) WHERE active_from IS NOT NULL AND retired_at IS NULL',
    );
    await runner.query('CREATE UNIQUE INDEX signing_keys_next ON signing_keys ((true)) WHERE active_from IS NULL');
  }
}

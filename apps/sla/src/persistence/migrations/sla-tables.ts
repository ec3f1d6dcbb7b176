import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SlaTables1760000020000 implements MigrationInterface {
  name = 'SlaTables1760000020000';

  async up(runner: QueryRunner): Promise<void> {
    await this.createRules(runner);
    await this.createTickets(runner);
    await this.createClocks(runner);
    await this.createTimers(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE breach, lifecycle_fired, timer, clock, ticket_fact, sla_ticket, rules_snapshot, calendar_version');
  }

  /** Never changed once written: clocks name the versions they were computed with. */
  private async createRules(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE calendar_version (
        desk_id text NOT NULL,
        calendar_id text NOT NULL,
        version integer NOT NULL,
        id uuid NOT NULL,
        spec jsonb NOT NULL,
        imported jsonb NOT NULL,
        definition jsonb NOT NULL,
        holidays jsonb NOT NULL,
        holiday_source text NOT NULL,
        covers_to integer NOT NULL,
        time_zone_data_version text NOT NULL,
        valid_from timestamptz NOT NULL,
        PRIMARY KEY (desk_id, calendar_id, version)
      )`);
    // What holds from when on: a desk version and, for each calendar id, a calendar version.
    await runner.query(`
      CREATE TABLE rules_snapshot (
        desk_id text NOT NULL,
        revision integer NOT NULL,
        desk_version integer NOT NULL,
        calendars jsonb NOT NULL,
        valid_from timestamptz NOT NULL,
        PRIMARY KEY (desk_id, revision)
      )`);
  }

  private async createTickets(runner: QueryRunner): Promise<void> {
    // The row that is locked before anything of the ticket is read to be changed. Tickets that were opened together come
    // due together: the room left in a page takes a new version of each of its rows, so that counting up the event
    // sequence touches no index.
    await runner.query(`
      CREATE TABLE sla_ticket (
        ticket_id uuid PRIMARY KEY,
        desk_id text NOT NULL,
        number text NOT NULL DEFAULT '',
        organisation_id text,
        requester_account_id text,
        summary_sequence integer NOT NULL DEFAULT 0,
        imported boolean NOT NULL DEFAULT false,
        package_id text,
        priority text,
        lane text,
        is_open boolean NOT NULL DEFAULT true,
        opened_at timestamptz,
        replied_at timestamptz,
        revision integer NOT NULL DEFAULT 0,
        live boolean NOT NULL DEFAULT true,
        event_sequence integer NOT NULL DEFAULT 0
      ) WITH (fillfactor = 50)`);
    await runner.query('CREATE INDEX sla_ticket_stale ON sla_ticket (desk_id, revision) WHERE live');
    await runner.query('CREATE INDEX sla_ticket_desk ON sla_ticket (desk_id, ticket_id)');
    await runner.query('CREATE INDEX sla_ticket_number ON sla_ticket (desk_id, number)');
    await runner.query(`
      CREATE INDEX sla_ticket_replied ON sla_ticket (desk_id, replied_at) WHERE replied_at IS NOT NULL AND NOT imported`);
    await runner.query(`
      CREATE TABLE ticket_fact (
        ticket_id uuid NOT NULL,
        sequence integer NOT NULL,
        occurred_at timestamptz NOT NULL,
        kind text NOT NULL,
        data jsonb NOT NULL,
        PRIMARY KEY (ticket_id, sequence)
      )`);
  }

  private async createClocks(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE clock (
        ticket_id uuid NOT NULL,
        desk_id text NOT NULL,
        target text NOT NULL,
        cycle integer NOT NULL,
        state text NOT NULL,
        started_at timestamptz NOT NULL,
        due_at timestamptz,
        due_reason text NOT NULL,
        due_changed_at timestamptz NOT NULL,
        satisfied_at timestamptz,
        cancelled_at timestamptz,
        used_seconds bigint NOT NULL,
        target_seconds bigint NOT NULL,
        breached_at timestamptz,
        breach_reason text,
        breaches jsonb NOT NULL,
        warnings jsonb NOT NULL,
        policy_id text NOT NULL,
        policy_version integer NOT NULL,
        calendar_id text NOT NULL,
        calendar_version integer NOT NULL,
        time_zone_data_version text NOT NULL,
        PRIMARY KEY (ticket_id, target, cycle)
      ) WITH (fillfactor = 50)`);
    await runner.query('CREATE INDEX clock_counted ON clock (desk_id, (coalesce(due_at, started_at)))');
    await runner.query(`
      CREATE TABLE breach (
        id uuid NOT NULL,
        desk_id text NOT NULL,
        ticket_id uuid NOT NULL,
        ticket_number text NOT NULL,
        target text NOT NULL,
        cycle integer NOT NULL,
        due_at timestamptz NOT NULL,
        occurred_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        reason text NOT NULL,
        revoked_at timestamptz,
        revoke_reason text NOT NULL DEFAULT '',
        PRIMARY KEY (desk_id, occurred_at, id)
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX breach_standing ON breach (ticket_id, target, cycle, occurred_at) WHERE revoked_at IS NULL`);
  }

  /** Only what is still to come: a timer that fires is deleted, and what it did says that it has fired. */
  private async createTimers(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE timer (
        ticket_id uuid NOT NULL,
        kind text NOT NULL,
        name text NOT NULL,
        number integer NOT NULL,
        key text NOT NULL,
        due_at timestamptz NOT NULL,
        move_to text,
        notify text,
        PRIMARY KEY (ticket_id, kind, name, number, key)
      ) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000)`);
    await runner.query('CREATE INDEX timer_due ON timer (due_at)');
    await runner.query(`
      CREATE TABLE lifecycle_fired (
        ticket_id uuid NOT NULL,
        rule_id text NOT NULL,
        step integer NOT NULL,
        anchor_sequence bigint NOT NULL,
        due_at timestamptz NOT NULL,
        fired_at timestamptz NOT NULL,
        PRIMARY KEY (ticket_id, rule_id, step, anchor_sequence)
      )`);
  }
}

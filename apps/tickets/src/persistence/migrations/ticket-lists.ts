import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A page of a desk's, an organisation's or a requester's tickets is one range for each kind of status, however rare the kind. */
export class TicketLists1760000015000 implements MigrationInterface {
  name = 'TicketLists1760000015000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ticket_requester, ticket_organisation');
    await runner.query('CREATE INDEX ticket_desk ON ticket (desk_id, status_kind, id DESC)');
    await runner.query('CREATE INDEX ticket_organisation ON ticket (desk_id, organisation_id, status_kind, id DESC)');
    await runner.query('CREATE INDEX ticket_requester ON ticket (desk_id, requester_account_id, status_kind, id DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ticket_requester, ticket_organisation, ticket_desk');
    await runner.query('CREATE INDEX ticket_requester ON ticket (desk_id, requester_account_id, id DESC)');
    await runner.query('CREATE INDEX ticket_organisation ON ticket (desk_id, organisation_id, id DESC)');
  }
}

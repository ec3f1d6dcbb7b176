import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which ticket a follow-up is based on (PKG-16). */
export class FollowUp1760000014000 implements MigrationInterface {
  name = 'FollowUp1760000014000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE ticket
        ADD COLUMN follow_up_of_id uuid REFERENCES ticket (id),
        ADD COLUMN follow_up_of_number bigint`);
    await runner.query(`
      CREATE INDEX ticket_follow_up ON ticket (follow_up_of_id, id) WHERE follow_up_of_id IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE ticket DROP COLUMN follow_up_of_number, DROP COLUMN follow_up_of_id');
  }
}

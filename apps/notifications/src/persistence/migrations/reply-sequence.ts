import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which reply of ours a silence is counted from (FLT-11, PKG-17). */
export class ReplySequence1760000013000 implements MigrationInterface {
  name = 'ReplySequence1760000013000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE ticket ADD COLUMN last_agent_reply_sequence integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE ticket DROP COLUMN last_agent_reply_sequence');
  }
}

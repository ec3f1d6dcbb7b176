import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KnowledgeTables1760000011000 implements MigrationInterface {
  name = 'KnowledgeTables1760000011000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE article (
        id uuid PRIMARY KEY,
        desk_id text NOT NULL,
        slug text NOT NULL,
        language text NOT NULL,
        title text NOT NULL,
        body text NOT NULL,
        updated_at timestamptz NOT NULL,
        search_config regconfig NOT NULL,
        search tsvector NOT NULL GENERATED ALWAYS AS
          (setweight(to_tsvector(search_config, title), 'A') || setweight(to_tsvector(search_config, body), 'B')) STORED,
        UNIQUE (desk_id, slug, language)
      )`);
    await runner.query('CREATE INDEX article_search ON article USING gin (search)');
    await runner.query(`
      CREATE TABLE question (
        id uuid PRIMARY KEY,
        desk_id text NOT NULL,
        account_id text NOT NULL,
        language text NOT NULL,
        text text NOT NULL,
        asked_at timestamptz NOT NULL,
        answers integer NOT NULL,
        solved boolean,
        ticket_id uuid
      )`);
    await runner.query('CREATE INDEX question_account ON question (desk_id, account_id, asked_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE question, article');
  }
}

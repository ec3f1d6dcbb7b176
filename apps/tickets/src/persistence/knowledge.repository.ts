import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';

export interface Article {
  readonly id: string;
  readonly deskId: string;
  readonly slug: string;
  readonly language: string;
  readonly title: string;
  readonly body: string;
  readonly updatedAt: Date;
}

export interface Answer {
  readonly article: Article;
  readonly excerpt: string;
  readonly score: number;
}

export interface Question {
  readonly id: string;
  readonly text: string;
  readonly language: string;
  readonly askedAt: Date;
  readonly answers: number;
}

/** PostgreSQL's stemmer for a language; words are compared as they stand where it has none. */
const SEARCH_CONFIGS: Readonly<Record<string, string>> = {
  da: 'danish',
  de: 'german',
  en: 'english',
  es: 'spanish',
  fi: 'finnish',
  fr: 'french',
  hu: 'hungarian',
  it: 'italian',
  nl: 'dutch',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sv: 'swedish',
  tr: 'turkish',
};

const ARTICLE = `a.id, a.desk_id AS "deskId", a.slug, a.language, a.title, a.body, a.updated_at AS "updatedAt"`;

@Injectable()
export class KnowledgeRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Any of the question's words finds an article; those that have more of them, and in the title, come first. */
  async search(deskId: string, language: string, text: string, limit: number): Promise<Answer[]> {
    const rows = await this.transactions.read<Article & { excerpt: string; score: number }>(
      `WITH asked AS (
         SELECT to_tsquery($3::regconfig, string_agg(quote_literal(lexeme), ' | ')) AS query
         FROM unnest(to_tsvector($3::regconfig, $4)) AS words (lexeme)
       )
       SELECT ${ARTICLE}, ts_rank_cd(a.search, asked.query) AS score,
         ts_headline($3::regconfig, a.body, asked.query,
           'MaxWords=35, MinWords=15, StartSel="", StopSel=""') AS excerpt
       FROM article a, asked
       WHERE a.desk_id = $1 AND a.language = $2 AND a.search @@ asked.query
       ORDER BY score DESC, a.id LIMIT $5`,
      [deskId, language, searchConfig(language), text, limit],
    );
    return rows.map(({ excerpt, score, ...article }) => ({ article, excerpt, score }));
  }

  async put(tx: Transaction, article: Article): Promise<Article> {
    const rows = await tx.query<{ id: string }>(
      `INSERT INTO article (id, desk_id, slug, language, title, body, updated_at, search_config)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8::regconfig)
       ON CONFLICT (desk_id, slug, language)
       DO UPDATE SET title = EXCLUDED.title, body = EXCLUDED.body, updated_at = EXCLUDED.updated_at
       RETURNING id`,
      [
        article.id,
        article.deskId,
        article.slug,
        article.language,
        article.title,
        article.body,
        article.updatedAt,
        searchConfig(article.language),
      ],
    );
    return { ...article, id: rows[0]!.id };
  }

  asked(tx: Transaction, caller: Caller, question: Question): void {
    tx.execute(
      `INSERT INTO question (id, desk_id, account_id, language, text, asked_at, answers) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [question.id, caller.deskId, caller.accountId, question.language, question.text, question.askedAt, question.answers],
    );
  }

  /** Answers whether the caller asked that question. */
  async recordOutcome(tx: Transaction, caller: Caller, questionId: string, solved: boolean): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE question SET solved = $4 WHERE id = $3 AND desk_id = $1 AND account_id = $2 RETURNING id`,
      [caller.deskId, caller.accountId, questionId, solved],
    );
    return rows.length > 0;
  }

  /** The question was not solved: it is this ticket now. */
  becameTicket(tx: Transaction, caller: Caller, questionId: string, ticketId: string): void {
    tx.execute(
      `UPDATE question SET solved = false, ticket_id = $4 WHERE id = $3 AND desk_id = $1 AND account_id = $2`,
      [caller.deskId, caller.accountId, questionId, ticketId],
    );
  }
}

function searchConfig(language: string): string {
  return SEARCH_CONFIGS[language.split('-', 1)[0]!.toLowerCase()] ?? 'simple';
}

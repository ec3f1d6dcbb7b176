import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { invalid, type Violation } from '#kernel/errors.js';
import { newId } from '#kernel/ids.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import { Transactions } from '#platform/database/transactions.js';
import { type Article, KnowledgeRepository } from '../persistence/knowledge.repository.js';

export interface PutArticleCommand {
  readonly requestId: string;
  readonly slug: string;
  readonly language?: string;
  readonly title: string;
  readonly body: string;
}

@Injectable()
export class PutArticle {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly knowledge: KnowledgeRepository,
  ) {}

  async execute(caller: Caller, command: PutArticleCommand): Promise<Article> {
    const { document: desk } = await this.desks.current(caller.deskId);
    const language = command.language ?? desk.languages[0]!;
    const faults: Violation[] = [];
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(command.slug)) {
      faults.push({ field: 'slug', description: 'lower-case letters, digits and single hyphens' });
    }
    if (!desk.knowledge.languages.includes(language)) {
      faults.push({ field: 'language', description: `one of ${desk.knowledge.languages.join(', ')}` });
    }
    if (command.title.trim() === '') faults.push({ field: 'title', description: 'is required' });
    if (command.body.trim() === '') faults.push({ field: 'body', description: 'is required' });
    if (faults.length > 0) throw invalid(faults);
    const key = { caller, operation: 'put-article', requestId: command.requestId, command };
    return this.transactions.once(key, async (tx) => {
      const now = this.clock.now();
      const { slug, title, body } = command;
      const article = await this.knowledge.put(tx, {
        id: newId(),
        deskId: desk.id,
        slug,
        language,
        title,
        body,
        updatedAt: now,
      });
      recordAudit(tx, caller, 'put-article', article.id, now, { slug, language });
      return article;
    });
  }
}

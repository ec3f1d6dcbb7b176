import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { invalid } from '#kernel/errors.js';
import { newId } from '#kernel/ids.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { Transactions } from '#platform/database/transactions.js';
import { type Answer, KnowledgeRepository } from '../persistence/knowledge.repository.js';

const MAX_QUESTION = 5_000;

export interface AskQuestionCommand {
  readonly requestId: string;
  readonly text: string;
  readonly language?: string;
}

/** Shows what is known before a ticket is needed, and keeps the question (SHP-1). */
@Injectable()
export class AskQuestion {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly knowledge: KnowledgeRepository,
  ) {}

  async execute(caller: Caller, command: AskQuestionCommand): Promise<{ questionId: string; answers: Answer[] }> {
    if (command.text.trim() === '' || command.text.length > MAX_QUESTION) {
      throw invalid([{ field: 'text', description: `1 to ${MAX_QUESTION} characters` }]);
    }
    const { document: desk } = await this.desks.current(caller.deskId);
    const language = command.language ?? desk.languages[0]!;
    const answers = await this.knowledge.search(desk.id, language, command.text, desk.knowledge.results);
    const key = { caller, operation: 'ask-question', requestId: command.requestId, command };
    return this.transactions.once(key, async (tx) => {
      const questionId = newId();
      this.knowledge.asked(tx, caller, {
        id: questionId,
        text: command.text,
        language,
        askedAt: this.clock.now(),
        answers: answers.length,
      });
      return { questionId, answers };
    });
  }
}

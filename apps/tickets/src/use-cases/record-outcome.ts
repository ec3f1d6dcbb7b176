import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { notFound } from '#kernel/errors.js';
import { isId } from '#kernel/ids.js';
import { Transactions } from '#platform/database/transactions.js';
import { KnowledgeRepository } from '../persistence/knowledge.repository.js';

export interface RecordOutcomeCommand {
  readonly requestId: string;
  readonly questionId: string;
  readonly solved: boolean;
}

/** Whether the answers solved the matter (SHP-1). */
@Injectable()
export class RecordOutcome {
  constructor(
    private readonly transactions: Transactions,
    private readonly knowledge: KnowledgeRepository,
  ) {}

  async execute(caller: Caller, command: RecordOutcomeCommand): Promise<void> {
    const key = { caller, operation: 'record-outcome', requestId: command.requestId, command };
    await this.transactions.once(key, async (tx) => {
      const { questionId, solved } = command;
      const known = isId(questionId) && (await this.knowledge.recordOutcome(tx, caller, questionId, solved));
      if (!known) throw notFound('question', questionId);
    });
  }
}

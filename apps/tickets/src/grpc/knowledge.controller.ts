import type { Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import {
  type Article as ArticleMessage,
  type AskQuestionRequest,
  type AskQuestionResponse,
  type KnowledgeServiceController,
  KnowledgeServiceControllerMethods,
  type PutArticleRequest,
  type PutArticleResponse,
  type RecordOutcomeRequest,
  type RecordOutcomeResponse,
} from '#contracts/generated/priolane/tickets/v1/knowledge.js';
import { callerOf } from '#platform/auth/caller.js';
import { toTimestamp } from '#platform/grpc/timestamps.js';
import type { Article } from '../persistence/knowledge.repository.js';
import { AskQuestion } from '../use-cases/ask-question.js';
import { PutArticle } from '../use-cases/put-article.js';
import { RecordOutcome } from '../use-cases/record-outcome.js';

@Controller()
@KnowledgeServiceControllerMethods()
export class KnowledgeController implements KnowledgeServiceController {
  constructor(
    private readonly asks: AskQuestion,
    private readonly records: RecordOutcome,
    private readonly puts: PutArticle,
  ) {}

  async askQuestion(request: AskQuestionRequest, metadata?: Metadata): Promise<AskQuestionResponse> {
    const { questionId, answers } = await this.asks.execute(callerOf(metadata), {
      requestId: request.requestId,
      text: request.text,
      language: request.language || undefined,
    });
    return {
      questionId,
      answers: answers.map(({ article, excerpt, score }) => ({ article: toArticleMessage(article), excerpt, score })),
    };
  }

  async recordOutcome(request: RecordOutcomeRequest, metadata?: Metadata): Promise<RecordOutcomeResponse> {
    const { questionId, solved } = request;
    await this.records.execute(callerOf(metadata), { requestId: request.requestId, questionId, solved });
    return {};
  }

  async putArticle(request: PutArticleRequest, metadata?: Metadata): Promise<PutArticleResponse> {
    const { slug, title, body } = request;
    const article = await this.puts.execute(callerOf(metadata), {
      requestId: request.requestId,
      slug,
      language: request.language || undefined,
      title,
      body,
    });
    return { article: toArticleMessage(article) };
  }
}

function toArticleMessage({ id, slug, language, title, body, updatedAt }: Article): ArticleMessage {
  return { id, slug, language, title, body, updatedAt: toTimestamp(updatedAt) };
}

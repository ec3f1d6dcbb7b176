import type { Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import {
  type ClaimNextRequest,
  type ClaimNextResponse,
  type ExplainRankRequest,
  type ExplainRankResponse,
  type ListQueueRequest,
  type ListQueueResponse,
  type QueueServiceController,
  QueueServiceControllerMethods,
} from '#contracts/generated/priolane/tickets/v1/queue.js';
import { callerOf } from '#platform/auth/caller.js';
import { readPage, toPage } from '#platform/grpc/paging.js';
import { QueueRepository } from '../persistence/queue.repository.js';
import { ClaimNext } from '../use-cases/claim-next.js';
import { ExplainRank } from '../use-cases/explain-rank.js';
import { toTicketMessage } from './messages.js';

const cursor = z.object({ queueKey: z.string(), id: z.uuid() });

@Controller()
@QueueServiceControllerMethods()
export class QueueController implements QueueServiceController {
  constructor(
    private readonly claims: ClaimNext,
    private readonly explains: ExplainRank,
    private readonly queue: QueueRepository,
  ) {}

  async claimNext(request: ClaimNextRequest, metadata?: Metadata): Promise<ClaimNextResponse> {
    const ticket = await this.claims.execute(callerOf(metadata), { requestId: request.requestId });
    return { ticket: ticket ? toTicketMessage(ticket) : undefined };
  }

  async listQueue(request: ListQueueRequest, metadata?: Metadata): Promise<ListQueueResponse> {
    const { deskId } = callerOf(metadata);
    const page = readPage(request, { deskId }, cursor);
    const found = await this.queue.list(deskId, page.cursor, page.size + 1);
    const { rows, nextPageToken } = toPage(found, page, { deskId }, (row) => row.cursor);
    return { tickets: rows.map((row) => toTicketMessage(row.ticket)), nextPageToken };
  }

  async explainRank(request: ExplainRankRequest, metadata?: Metadata): Promise<ExplainRankResponse> {
    const rank = await this.explains.execute(callerOf(metadata), request.ticketId);
    return {
      rank: String(rank.rank),
      waiting: String(rank.waiting),
      reasons: rank.reasons.map((reason) => ({ ...reason, ahead: String(reason.ahead) })),
    };
  }
}

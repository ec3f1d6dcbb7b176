import type { Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import {
  type EndNoticeRequest,
  type EndNoticeResponse,
  type ListNoticesRequest,
  type ListNoticesResponse,
  type Notice as NoticeMessage,
  type NoticeServiceController,
  NoticeServiceControllerMethods,
  type PublishNoticeRequest,
  type PublishNoticeResponse,
} from '#contracts/generated/priolane/notifications/v1/notice.js';
import type { Caller } from '#kernel/caller.js';
import { invalid, notFound } from '#kernel/errors.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { callerIfKnown, callerOf, tokenMissing } from '#platform/auth/caller.js';
import { readPage, toPage } from '#platform/grpc/paging.js';
import { fromTimestampOrUndefined, toTimestamp, toTimestampOrNull } from '#platform/grpc/timestamps.js';
import type { Notice } from '../domain/notice.js';
import { NoticeRepository } from '../persistence/notice.repository.js';
import { EndNotice } from '../use-cases/end-notice.js';
import { PublishNotice } from '../use-cases/publish-notice.js';

@Controller()
@NoticeServiceControllerMethods()
export class NoticeController implements NoticeServiceController {
  constructor(
    private readonly publishes: PublishNotice,
    private readonly ends: EndNotice,
    private readonly desks: DeskDirectory,
    private readonly notices: NoticeRepository,
  ) {}

  async publishNotice(request: PublishNoticeRequest, metadata?: Metadata): Promise<PublishNoticeResponse> {
    const requestId = request.requestId;
    const { kind, title, body } = request;
    const startsAt = fromTimestampOrUndefined(request.startsAt);
    return { notice: toMessage(await this.publishes.execute(callerOf(metadata), { requestId, kind, title, body, startsAt })) };
  }

  async endNotice(request: EndNoticeRequest, metadata?: Metadata): Promise<EndNoticeResponse> {
    const requestId = request.requestId;
    const { noticeId } = request;
    return { notice: toMessage(await this.ends.execute(callerOf(metadata), { requestId, noticeId })) };
  }

  async listNotices(request: ListNoticesRequest, metadata?: Metadata): Promise<ListNoticesResponse> {
    const { includeEnded } = request;
    const deskId = await this.readableDesk(request.deskId, callerIfKnown(metadata));
    const query = { deskId, includeEnded };
    const page = readPage(request, query, z.uuid());
    const found = await this.notices.list(deskId, includeEnded, page.cursor, page.size + 1);
    const { rows, nextPageToken } = toPage(found, page, query, (notice) => notice.id);
    return { notices: rows.map(toMessage), nextPageToken };
  }

  /** Whose notices the caller gets: anybody's where the desk says they are public, else only those of the own desk. */
  private async readableDesk(asked: string, caller: Caller | undefined): Promise<string> {
    const deskId = asked || caller?.deskId;
    if (!deskId) throw invalid([{ field: 'desk_id', description: 'is required without a token' }]);
    const { document: desk } = await this.desks.current(deskId);
    if (desk.notices.visibility === 'public' || caller?.deskId === desk.id) return desk.id;
    throw caller ? notFound('desk', deskId) : tokenMissing();
  }
}

function toMessage(notice: Notice): NoticeMessage {
  const { id, deskId, kind, title, body } = notice;
  return { id, deskId, kind, title, body, startsAt: toTimestamp(notice.startsAt), endedAt: toTimestampOrNull(notice.endedAt) };
}

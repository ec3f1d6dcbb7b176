import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import { Transactions } from '#platform/database/transactions.js';
import { type Notice, type NoticeDraft, publishNotice } from '../domain/notice.js';
import { appendNoticeEvent } from '../events/notice-events.js';
import { NoticeRepository } from '../persistence/notice.repository.js';

export interface PublishNoticeCommand extends NoticeDraft {
  readonly requestId: string;
}

/** FLT-3, HST-8. */
@Injectable()
export class PublishNotice {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly notices: NoticeRepository,
  ) {}

  async execute(caller: Caller, command: PublishNoticeCommand): Promise<Notice> {
    const { requestId, ...draft } = command;
    const { document: desk } = await this.desks.current(caller.deskId);
    const key = { caller, operation: 'publish-notice', requestId, command: draft };
    return this.transactions.once(key, async (tx) => {
      const now = this.clock.now();
      const notice = publishNotice(desk, draft, newId(), now);
      this.notices.insert(tx, notice);
      recordAudit(tx, caller, 'publish-notice', notice.id, now);
      appendNoticeEvent(tx, 'notice.published', notice, now);
      return notice;
    });
  }
}

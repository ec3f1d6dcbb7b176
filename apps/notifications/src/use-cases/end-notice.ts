import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import { Transactions } from '#platform/database/transactions.js';
import { endNotice, type Notice } from '../domain/notice.js';
import { appendNoticeEvent } from '../events/notice-events.js';
import { NoticeRepository } from '../persistence/notice.repository.js';

export interface EndNoticeCommand {
  readonly requestId: string;
  readonly noticeId: string;
}

@Injectable()
export class EndNotice {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly notices: NoticeRepository,
  ) {}

  async execute(caller: Caller, { requestId, noticeId }: EndNoticeCommand): Promise<Notice> {
    const key = { caller, operation: 'end-notice', requestId, command: { noticeId } };
    return this.transactions.once(key, async (tx) => {
      const now = this.clock.now();
      const notice = endNotice(await this.notices.lock(tx, caller.deskId, noticeId), now);
      this.notices.end(tx, notice);
      recordAudit(tx, caller, 'end-notice', notice.id, now);
      appendNoticeEvent(tx, 'notice.ended', notice, now);
      return notice;
    });
  }
}

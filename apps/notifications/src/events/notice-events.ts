import { NoticeChanged } from '#contracts/generated/priolane/events/v1/notification_events.js';
import { appendEvent } from '#messaging/outbox/append-event.js';
import type { Transaction } from '#platform/database/transaction.js';
import type { Notice } from '../domain/notice.js';

export function appendNoticeEvent(
  tx: Transaction,
  type: 'notice.published' | 'notice.ended',
  notice: Notice,
  occurredAt: Date,
): void {
  appendEvent(tx, {
    type,
    aggregateId: notice.id,
    sequence: notice.sequence,
    deskId: notice.deskId,
    occurredAt,
    data: NoticeChanged.toJSON({
      noticeId: notice.id,
      deskId: notice.deskId,
      title: notice.title,
      body: notice.body,
      active: notice.endedAt === undefined,
      changedAt: occurredAt.toISOString(),
    }) as object,
  });
}

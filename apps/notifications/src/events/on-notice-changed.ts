import { Injectable } from '@nestjs/common';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { noticeChanged } from '../domain/notice.js';
import { NoticeRepository } from '../persistence/notice.repository.js';
import { PeopleRepository } from '../persistence/people.repository.js';
import { TellPeople } from '../use-cases/tell-people.js';

/** Copies by mail (HST-8): this service's own event, so that publishing a notice does not wait for a thousand mails. */
@Injectable()
export class OnNoticeChanged implements EventHandler {
  readonly topic = topicOf('notifications');
  readonly type = ['notice.published', 'notice.ended'];

  constructor(
    private readonly desks: DeskDirectory,
    private readonly notices: NoticeRepository,
    private readonly people: PeopleRepository,
    private readonly tell: TellPeople,
  ) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const { document: desk } = await this.desks.current(event.deskId);
    const notice = await this.notices.lock(tx, event.deskId, event.aggregateId);
    const copies = desk.notices.copyTo === 'affected_customers';
    const affected = copies ? await this.people.customersOf(tx, event.deskId) : [];
    const type = event.type === 'notice.ended' ? 'notice.ended' : 'notice.published';
    await this.tell.about(tx, event.id, desk, noticeChanged(type, notice, affected));
  }
}

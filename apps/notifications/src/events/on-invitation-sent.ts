import { Injectable } from '@nestjs/common';
import { InvitationSent } from '#contracts/generated/priolane/events/v1/account_events.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { invited } from '../domain/account-happenings.js';
import { TellPeople } from '../use-cases/tell-people.js';

/** PKG-4: the invitation goes out with the desk's introduction. */
@Injectable()
export class OnInvitationSent implements EventHandler {
  readonly topic = topicOf('accounts');
  readonly type = 'invitation.sent';

  constructor(
    private readonly desks: DeskDirectory,
    private readonly tell: TellPeople,
  ) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const { accountId, name, email, language, link } = InvitationSent.fromJSON(event.data);
    const { document: desk } = await this.desks.current(event.deskId);
    await this.tell.about(tx, event.id, desk, invited(desk, { accountId, name, email, language }, link));
  }
}

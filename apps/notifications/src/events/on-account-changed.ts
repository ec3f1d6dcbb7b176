import { Injectable } from '@nestjs/common';
import { AccountChanged } from '#contracts/generated/priolane/events/v1/account_events.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { PeopleRepository } from '../persistence/people.repository.js';

/** Keeps the registered address, the language and whom an account belongs to. */
@Injectable()
export class OnAccountChanged implements EventHandler {
  readonly topic = topicOf('accounts');
  readonly type = ['account.created', 'account.changed', 'account.closed'];

  constructor(private readonly people: PeopleRepository) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const { accountId: id, organisationId, name, email, roles, language, active } = AccountChanged.fromJSON(event.data);
    const account = { id, deskId: event.deskId, organisationId, name, email, roles, language, active };
    this.people.putAccount(tx, account, event.sequence);
  }
}

import { Injectable } from '@nestjs/common';
import { AccountChanged } from '#contracts/generated/priolane/events/v1/account_events.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { AccountRepository } from '../persistence/account.repository.js';

/** Keeps who has an account, and who no longer has one (PKG-3). */
@Injectable()
export class OnAccountChanged implements EventHandler {
  readonly topic = topicOf('accounts');
  readonly type = ['account.created', 'account.changed', 'account.closed'];

  constructor(private readonly accounts: AccountRepository) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const { accountId, organisationId, active } = AccountChanged.fromJSON(event.data);
    const account = { organisationId: organisationId || null, active };
    this.accounts.put(tx, event.deskId, accountId, account, event.sequence);
  }
}

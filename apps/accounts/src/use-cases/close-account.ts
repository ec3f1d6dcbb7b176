import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import { Transactions } from '#platform/database/transactions.js';
import { moveAccount } from '../domain/account-state.js';
import { Checks } from '../domain/checks.js';
import { scopeOf } from '../domain/tenancy.js';
import { accountEvent } from '../events/account-events.js';
import type { AccountView } from '../persistence/account.queries.js';
import { changeAccount, lockAccount } from '../persistence/account.repository.js';
import { endSessionsOf } from '../persistence/session.repository.js';
import { accountView } from './account-view.js';

/** Frees the seat at once; access tokens that are out live on for their quarter of an hour. */
@Injectable()
export class CloseAccount {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  async execute(caller: Caller, command: { readonly requestId: string; readonly accountId: string }): Promise<AccountView> {
    const { requestId, accountId } = command;
    new Checks().requestId(requestId).id('account_id', accountId).done();
    const key = { caller, operation: 'close-account', requestId, command: { accountId } };
    return this.transactions.once(key, async (tx) => {
      const open = await lockAccount(tx, scopeOf(caller), accountId);
      const now = this.clock.now();
      const account = {
        ...open,
        state: moveAccount(open.state, 'closed'),
        passwordHash: null,
        invitationHash: null,
        invitationExpiresAt: null,
        sequence: open.sequence + 1,
      };
      changeAccount(tx, account);
      endSessionsOf(tx, account.id, now, 'account_closed');
      accountEvent(tx, 'account.closed', account, now);
      recordAudit(tx, caller, 'close-account', account.id, now);
      return accountView(account);
    });
  }
}

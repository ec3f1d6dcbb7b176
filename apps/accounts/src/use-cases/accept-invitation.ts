import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { DomainError } from '#kernel/errors.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import { Transactions } from '#platform/database/transactions.js';
import { Passwords } from '../credentials/passwords.js';
import { secretHash } from '../credentials/secrets.js';
import { moveAccount } from '../domain/account-state.js';
import { Checks } from '../domain/checks.js';
import { requireOpenInvitation } from '../domain/invitation.js';
import { accountEvent } from '../events/account-events.js';
import { AccountQueries, type AccountView } from '../persistence/account.queries.js';
import { changeAccount, lockByInvitation } from '../persistence/account.repository.js';
import { DeskDocuments } from '../persistence/desk-documents.js';
import { accountView } from './account-view.js';

/** Sets the first password with the token of the invitation, which works once. */
@Injectable()
export class AcceptInvitation {
  constructor(
    private readonly transactions: Transactions,
    private readonly accounts: AccountQueries,
    private readonly desks: DeskDocuments,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
  ) {}

  async execute(command: { readonly token: string; readonly password: string }): Promise<AccountView> {
    const hash = secretHash(command.token);
    const deskId = await this.accounts.deskOfInvitation(hash);
    if (deskId === undefined) throw invitationNotFound();
    const desk = await this.desks.inForce(deskId);
    new Checks().password(command.password, desk.accounts.signIn.password.minLength).done();
    const passwordHash = await this.passwords.hash(command.password);
    return this.transactions.run(async (tx) => {
      const invited = await lockByInvitation(tx, hash);
      if (!invited?.invitationExpiresAt) throw invitationNotFound();
      const now = this.clock.now();
      requireOpenInvitation(invited.invitationExpiresAt, now);
      const account = {
        ...invited,
        state: moveAccount(invited.state, 'active'),
        passwordHash,
        invitationHash: null,
        invitationExpiresAt: null,
        sequence: invited.sequence + 1,
      };
      changeAccount(tx, account);
      accountEvent(tx, 'account.changed', account, now);
      recordAudit(tx, { ...account, organisationId: undefined, accountId: account.id }, 'accept-invitation', account.id, now);
      return accountView(account);
    });
  }
}

/** The same for a token that was used and for one that never was. */
function invitationNotFound(): DomainError {
  return new DomainError('NOT_FOUND', 'INVITATION_NOT_FOUND', 'there is no open invitation with this token');
}

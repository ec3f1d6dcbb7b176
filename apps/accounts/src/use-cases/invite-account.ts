import { Injectable } from '@nestjs/common';
import type { Caller, Role } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { invalid } from '#kernel/errors.js';
import { newId } from '#kernel/ids.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import { newSecret, secretHash } from '../credentials/secrets.js';
import { Checks } from '../domain/checks.js';
import { emailKey } from '../domain/email-address.js';
import { invitationExpiry, invitationLink, invitedRoles, requireInviter } from '../domain/invitation.js';
import { accountRoles } from '../domain/roles.js';
import { deskNamedBy, scopeOf } from '../domain/tenancy.js';
import { accountEvent, invitationSent } from '../events/account-events.js';
import type { AccountView } from '../persistence/account.queries.js';
import { type AccountRow, changeAccount, insertAccount, lockInvited } from '../persistence/account.repository.js';
import { DeskDocuments } from '../persistence/desk-documents.js';
import { lockOrganisation, type OrganisationRow } from '../persistence/organisation.repository.js';
import { accountView } from './account-view.js';
import { takeSeat } from './take-seat.js';

export interface InviteAccountCommand {
  readonly requestId: string;
  readonly organisationId: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly language: string;
}

type Invitation = Omit<InviteAccountCommand, 'requestId'>;

/**
 * PKG-4: the seat is taken at once. Somebody who has not accepted yet, and is invited again, gets a new link in place of
 * the old one and keeps the seat.
 */
@Injectable()
export class InviteAccount {
  constructor(
    private readonly transactions: Transactions,
    private readonly desks: DeskDocuments,
    private readonly clock: Clock,
  ) {}

  async execute(caller: Caller, command: InviteAccountCommand): Promise<AccountView> {
    const { requestId, ...request } = command;
    new Checks()
      .requestId(requestId)
      .name(request.name)
      .email(request.email)
      .language(request.language)
      .optionalId('organisation_id', request.organisationId)
      .done();
    const invitation = { ...request, organisationId: request.organisationId || (caller.organisationId ?? '') };
    const key = { caller, operation: 'invite-account', requestId, command: invitation };
    return this.transactions.once(key, (tx) =>
      invitation.organisationId === ''
        ? this.inviteStaff(tx, caller, invitation)
        : this.inviteCustomer(tx, caller, invitation),
    );
  }

  private async inviteStaff(tx: Transaction, caller: Caller, invitation: Invitation): Promise<AccountView> {
    if (scopeOf(caller).deskId === null) {
      throw invalid([{ field: 'organisation_id', description: 'is required from admins of the installation' }]);
    }
    const desk = await this.desks.held(tx, deskNamedBy(caller, ''));
    requireInviter(desk, caller);
    return this.invite(tx, caller, desk, invitation, accountRoles(caller, invitation.roles, false));
  }

  private async inviteCustomer(tx: Transaction, caller: Caller, invitation: Invitation): Promise<AccountView> {
    const organisation = await lockOrganisation(tx, scopeOf(caller), invitation.organisationId);
    const desk = await this.desks.held(tx, organisation.deskId);
    requireInviter(desk, caller);
    const waiting = await lockInvited(tx, organisation.id, emailKey(invitation.email));
    if (waiting) return this.inviteAgain(tx, caller, desk, waiting);
    return this.inviteToSeat(tx, caller, desk, organisation, invitation);
  }

  private async inviteToSeat(
    tx: Transaction,
    caller: Caller,
    desk: DeskDocument,
    organisation: OrganisationRow,
    invitation: Invitation,
  ): Promise<AccountView> {
    const roles = accountRoles(caller, invitation.roles, true);
    const used = await takeSeat(tx, desk, organisation, invitation.email);
    return this.invite(tx, caller, desk, invitation, invitedRoles(desk, roles, used));
  }

  private async invite(
    tx: Transaction,
    caller: Caller,
    desk: DeskDocument,
    invitation: Invitation,
    roles: readonly Role[],
  ): Promise<AccountView> {
    const now = this.clock.now();
    const token = newSecret('inv');
    const account: AccountRow = {
      id: newId(),
      deskId: desk.id,
      organisationId: invitation.organisationId || null,
      name: invitation.name.trim(),
      email: invitation.email.trim(),
      emailKey: emailKey(invitation.email),
      roles,
      language: invitation.language || desk.languages[0]!,
      state: 'invited',
      passwordHash: null,
      invitationHash: secretHash(token),
      invitationExpiresAt: invitationExpiry(desk, now),
      sequence: 2,
      createdAt: now,
    };
    await insertAccount(tx, account);
    accountEvent(tx, 'account.created', { ...account, sequence: 1 }, now);
    invitationSent(tx, account, invitationLink(desk, token), now);
    recordAudit(tx, caller, 'invite-account', account.id, now, { roles });
    return accountView(account);
  }

  private inviteAgain(tx: Transaction, caller: Caller, desk: DeskDocument, waiting: AccountRow): AccountView {
    const now = this.clock.now();
    const token = newSecret('inv');
    const account: AccountRow = {
      ...waiting,
      invitationHash: secretHash(token),
      invitationExpiresAt: invitationExpiry(desk, now),
      sequence: waiting.sequence + 1,
    };
    changeAccount(tx, account);
    invitationSent(tx, account, invitationLink(desk, token), now);
    recordAudit(tx, caller, 'invite-account-again', account.id, now);
    return accountView(account);
  }
}

import { Injectable } from '@nestjs/common';
import type { Caller, Role } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { notFound } from '#kernel/errors.js';
import { newId } from '#kernel/ids.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import { Transactions } from '#platform/database/transactions.js';
import { Passwords } from '../credentials/passwords.js';
import { Vault } from '../credentials/vault.js';
import { Checks } from '../domain/checks.js';
import { emailKey } from '../domain/email-address.js';
import { accountRoles } from '../domain/roles.js';
import { deskNamedBy, scopeOf } from '../domain/tenancy.js';
import { accountEvent } from '../events/account-events.js';
import type { AccountView } from '../persistence/account.queries.js';
import { insertAccount } from '../persistence/account.repository.js';
import { DeskDocuments } from '../persistence/desk-documents.js';
import { OrganisationQueries } from '../persistence/organisation.queries.js';
import { lockOrganisation } from '../persistence/organisation.repository.js';
import { accountView } from './account-view.js';
import { takeSeat } from './take-seat.js';

export interface CreateAccountCommand {
  readonly requestId: string;
  readonly deskId: string;
  readonly organisationId: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly roles: readonly Role[];
  readonly language: string;
}

/** An account that can sign in at once. */
@Injectable()
export class CreateAccount {
  constructor(
    private readonly transactions: Transactions,
    private readonly desks: DeskDocuments,
    private readonly organisations: OrganisationQueries,
    private readonly passwords: Passwords,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  async execute(caller: Caller, command: CreateAccountCommand): Promise<AccountView> {
    const { requestId, password, ...request } = command;
    const checks = new Checks()
      .requestId(requestId)
      .name(request.name)
      .email(request.email)
      .language(request.language)
      .optionalId('organisation_id', request.organisationId);
    const deskId = checks.found('organisation_id') ? undefined : await this.deskOf(caller, request);
    const desk = deskId === undefined ? undefined : await this.desks.inForce(deskId);
    checks.password(password, desk?.accounts.signIn.password.minLength ?? 0).done();
    const roles = accountRoles(caller, request.roles, request.organisationId !== '');
    const passwordHash = await this.passwords.hash(password);
    // The request is told from another one by its fingerprint, which must not help anybody to guess the password.
    const key = {
      caller,
      operation: 'create-account',
      requestId,
      command: { ...request, password: this.vault.digest(password) },
    };
    return this.transactions.once(key, async (tx) => {
      if (request.organisationId !== '') {
        const scope = { ...scopeOf(caller), deskId: desk!.id };
        await takeSeat(tx, desk!, await lockOrganisation(tx, scope, request.organisationId), request.email);
      }
      const now = this.clock.now();
      const account = {
        id: newId(),
        deskId: desk!.id,
        organisationId: request.organisationId || null,
        name: request.name.trim(),
        email: request.email.trim(),
        emailKey: emailKey(request.email),
        roles,
        language: request.language || desk!.languages[0]!,
        state: 'active' as const,
        passwordHash,
        invitationHash: null,
        invitationExpiresAt: null,
        sequence: 1,
        createdAt: now,
      };
      await insertAccount(tx, account);
      accountEvent(tx, 'account.created', account, now);
      recordAudit(tx, caller, 'create-account', account.id, now, { roles });
      return accountView(account);
    });
  }

  /** An admin of the installation need not name the desk of an organisation. */
  private async deskOf(caller: Caller, request: Pick<CreateAccountCommand, 'deskId' | 'organisationId'>): Promise<string> {
    if (request.organisationId === '' || request.deskId !== '') return deskNamedBy(caller, request.deskId);
    const organisation = await this.organisations.find(scopeOf(caller), request.organisationId);
    if (!organisation) throw notFound('organisation', request.organisationId);
    return organisation.deskId;
  }
}

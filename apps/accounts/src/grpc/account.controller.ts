import type { Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import {
  type AcceptInvitationRequest,
  type AcceptInvitationResponse,
  type AccountServiceController,
  AccountServiceControllerMethods,
  type CloseAccountRequest,
  type CloseAccountResponse,
  type CreateAccountRequest,
  type CreateAccountResponse,
  type GetAccountRequest,
  type GetAccountResponse,
  type InviteAccountRequest,
  type InviteAccountResponse,
  type ListAccountsRequest,
  type ListAccountsResponse,
} from '#contracts/generated/priolane/accounts/v1/account.js';
import type { Caller } from '#kernel/caller.js';
import { notFound } from '#kernel/errors.js';
import { callerOf } from '#platform/auth/caller.js';
import { readPage, toPage } from '#platform/grpc/paging.js';
import { Checks } from '../domain/checks.js';
import { type Scope, scopeOf } from '../domain/tenancy.js';
import { AccountQueries } from '../persistence/account.queries.js';
import { OrganisationQueries } from '../persistence/organisation.queries.js';
import { AcceptInvitation } from '../use-cases/accept-invitation.js';
import { CloseAccount } from '../use-cases/close-account.js';
import { CreateAccount } from '../use-cases/create-account.js';
import { InviteAccount } from '../use-cases/invite-account.js';
import { fromRoles, toAccount } from './messages.js';

@Controller()
@AccountServiceControllerMethods()
export class AccountController implements AccountServiceController {
  constructor(
    private readonly createAccountUseCase: CreateAccount,
    private readonly inviteAccountUseCase: InviteAccount,
    private readonly acceptInvitationUseCase: AcceptInvitation,
    private readonly closeAccountUseCase: CloseAccount,
    private readonly accounts: AccountQueries,
    private readonly organisations: OrganisationQueries,
  ) {}

  async createAccount(request: CreateAccountRequest, metadata?: Metadata): Promise<CreateAccountResponse> {
    const command = { ...request, roles: fromRoles(request.roles) };
    return { account: toAccount(await this.createAccountUseCase.execute(callerOf(metadata), command)) };
  }

  async inviteAccount(request: InviteAccountRequest, metadata?: Metadata): Promise<InviteAccountResponse> {
    const command = { ...request, roles: fromRoles(request.roles) };
    return { account: toAccount(await this.inviteAccountUseCase.execute(callerOf(metadata), command)) };
  }

  async acceptInvitation(request: AcceptInvitationRequest): Promise<AcceptInvitationResponse> {
    return { account: toAccount(await this.acceptInvitationUseCase.execute(request)) };
  }

  async getAccount(request: GetAccountRequest, metadata?: Metadata): Promise<GetAccountResponse> {
    new Checks().id('account_id', request.accountId).done();
    const account = await this.accounts.find(scopeOf(callerOf(metadata)), request.accountId);
    if (!account) throw notFound('account', request.accountId);
    return { account: toAccount(account) };
  }

  async listAccounts(request: ListAccountsRequest, metadata?: Metadata): Promise<ListAccountsResponse> {
    new Checks().optionalId('organisation_id', request.organisationId).done();
    const scope = await this.narrowed(callerOf(metadata), request.organisationId);
    const query = ['accounts', scope];
    const page = readPage(request, query, z.uuid());
    const found = await this.accounts.list(scope, page.cursor, page.size + 1);
    const { rows, nextPageToken } = toPage(found, page, query, (row) => row.id);
    return { accounts: rows.map(toAccount), nextPageToken };
  }

  async closeAccount(request: CloseAccountRequest, metadata?: Metadata): Promise<CloseAccountResponse> {
    return { account: toAccount(await this.closeAccountUseCase.execute(callerOf(metadata), request)) };
  }

  /** What the caller may see, and of that only the organisation asked for. */
  private async narrowed(caller: Caller, organisationId: string): Promise<Scope> {
    const scope = scopeOf(caller);
    if (organisationId === '') return scope;
    if (!(await this.organisations.find(scope, organisationId))) throw notFound('organisation', organisationId);
    return { ...scope, organisationId };
  }
}

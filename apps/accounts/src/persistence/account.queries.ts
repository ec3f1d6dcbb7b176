import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Role } from '#kernel/caller.js';
import type { AccountState } from '../domain/account-state.js';
import type { Scope } from '../domain/tenancy.js';

export interface AccountView {
  readonly id: string;
  readonly deskId: string;
  readonly organisationId: string | null;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly language: string;
  readonly state: AccountState;
  readonly createdAt: Date;
}

/** What signing in needs of an account that can. */
export type Credentials = AccountView & { readonly passwordHash: string };

const COLUMNS = `id, desk_id AS "deskId", organisation_id AS "organisationId", name, email, roles, language, state,
  created_at AS "createdAt"`;
const SCOPED = `($1::text IS NULL OR desk_id = $1) AND ($2::uuid IS NULL OR organisation_id = $2)`;

@Injectable()
export class AccountQueries {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async find(scope: Scope, id: string): Promise<AccountView | undefined> {
    const [row] = await this.dataSource.query<AccountView[]>(`SELECT ${COLUMNS} FROM accounts WHERE ${SCOPED} AND id = $3`, [
      scope.deskId,
      scope.organisationId,
      id,
    ]);
    return row;
  }

  /** By id, which is by age; `after` is the last id of the page before. */
  list(scope: Scope, after: string | undefined, limit: number): Promise<AccountView[]> {
    return this.dataSource.query<AccountView[]>(
      `SELECT ${COLUMNS} FROM accounts WHERE ${SCOPED} AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT $4`,
      [scope.deskId, scope.organisationId, after ?? null, limit],
    );
  }

  async credentials(deskId: string, emailKey: string): Promise<Credentials | undefined> {
    const [row] = await this.dataSource.query<Credentials[]>(
      `SELECT ${COLUMNS}, password_hash AS "passwordHash" FROM accounts
       WHERE desk_id = $1 AND email_key = $2 AND state = 'active'`,
      [deskId, emailKey],
    );
    return row;
  }

  async deskOfInvitation(hash: Buffer): Promise<string | undefined> {
    const [row] = await this.dataSource.query<{ deskId: string }[]>(
      'SELECT desk_id AS "deskId" FROM accounts WHERE invitation_hash = $1',
      [hash],
    );
    return row?.deskId;
  }
}

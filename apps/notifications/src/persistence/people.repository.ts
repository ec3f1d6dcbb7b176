import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import type { Person } from '../domain/happening.js';

export interface KnownAccount {
  readonly id: string;
  readonly deskId: string;
  readonly organisationId: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly string[];
  readonly language: string;
  readonly active: boolean;
}

const PERSON = `id AS "accountId", name, email, language`;

/** Accounts and organisations as `accounts` publishes them. Of two events the one with the higher sequence counts. */
@Injectable()
export class PeopleRepository {
  constructor(private readonly transactions: Transactions) {}

  putAccount(tx: Transaction, account: KnownAccount, sequence: number): void {
    const { id, deskId, organisationId, name, email, roles, language, active } = account;
    tx.execute(
      `INSERT INTO account (id, desk_id, organisation_id, name, email, roles, language, active, sequence)
       VALUES ($1, $2, $3, $4, $5, $6::text[], $7, $8, $9)
       ON CONFLICT (id) DO UPDATE SET organisation_id = EXCLUDED.organisation_id, name = EXCLUDED.name,
         email = EXCLUDED.email, roles = EXCLUDED.roles, language = EXCLUDED.language, active = EXCLUDED.active,
         sequence = EXCLUDED.sequence
       WHERE account.sequence < EXCLUDED.sequence`,
      [id, deskId, organisationId, name, email, [...roles], language, active, sequence],
    );
  }

  /** Answers the package it had before, or undefined when this is no news. */
  async putOrganisation(
    tx: Transaction,
    organisation: { readonly id: string; readonly deskId: string; readonly packageId: string },
    sequence: number,
  ): Promise<{ readonly packageBefore: string | undefined } | undefined> {
    const { id, deskId, packageId } = organisation;
    const [known] = await tx.query<{ packageId: string; sequence: number }>(
      'SELECT package_id AS "packageId", sequence FROM organisation WHERE id = $1 FOR UPDATE',
      [id],
    );
    if (known && known.sequence >= sequence) return undefined;
    tx.execute(
      `INSERT INTO organisation (id, desk_id, package_id, sequence) VALUES ($1, $2, $3, $4)
       ON CONFLICT (id) DO UPDATE SET package_id = EXCLUDED.package_id, sequence = EXCLUDED.sequence`,
      [id, deskId, packageId, sequence],
    );
    return { packageBefore: known?.packageId };
  }

  accounts(tx: Transaction, deskId: string, ids: readonly string[]): Promise<Person[]> {
    return tx.query<Person>(`SELECT ${PERSON} FROM account WHERE desk_id = $1 AND id = ANY($2::text[])`, [deskId, [...ids]]);
  }

  managersOf(tx: Transaction, deskId: string, organisationId: string): Promise<Person[]> {
    return tx.query<Person>(
      `SELECT ${PERSON} FROM account
       WHERE desk_id = $1 AND organisation_id = $2 AND active AND 'account_manager' = ANY(roles) ORDER BY id`,
      [deskId, organisationId],
    );
  }

  /** Everybody on the desk who belongs to a customer. */
  customersOf(tx: Transaction, deskId: string): Promise<Person[]> {
    return tx.query<Person>(
      `SELECT ${PERSON} FROM account WHERE desk_id = $1 AND organisation_id <> '' AND active ORDER BY id`,
      [deskId],
    );
  }

  async registeredAddress(deskId: string, accountId: string): Promise<string | undefined> {
    const rows = await this.transactions.read<{ email: string }>('SELECT email FROM account WHERE desk_id = $1 AND id = $2', [
      deskId,
      accountId,
    ]);
    return rows[0]?.email;
  }
}

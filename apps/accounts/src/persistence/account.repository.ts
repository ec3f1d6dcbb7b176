import { DomainError, notFound } from '#kernel/errors.js';
import type { Transaction } from '#platform/database/transaction.js';
import type { Scope } from '../domain/tenancy.js';
import { AccountEntity } from './account.entity.js';

export type AccountRow = Readonly<AccountEntity>;

const COLUMNS = `
  id, desk_id AS "deskId", organisation_id AS "organisationId", name, email, email_key AS "emailKey", roles, language, state,
  password_hash AS "passwordHash", invitation_hash AS "invitationHash", invitation_expires_at AS "invitationExpiresAt",
  sequence, created_at AS "createdAt"`;

/** Errors: ALREADY_EXISTS ACCOUNT_EXISTS where the address has an account on the desk. */
export async function insertAccount(tx: Transaction, account: AccountRow): Promise<void> {
  const inserted = await tx.query(
    `INSERT INTO accounts (id, desk_id, organisation_id, name, email, email_key, roles, language, state, password_hash,
       invitation_hash, invitation_expires_at, sequence, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     ON CONFLICT (desk_id, email_key) WHERE state <> 'closed' DO NOTHING RETURNING id`,
    [
      account.id,
      account.deskId,
      account.organisationId,
      account.name,
      account.email,
      account.emailKey,
      account.roles,
      account.language,
      account.state,
      account.passwordHash,
      account.invitationHash,
      account.invitationExpiresAt,
      account.sequence,
      account.createdAt,
    ],
  );
  if (inserted.length === 1) return;
  throw new DomainError('ALREADY_EXISTS', 'ACCOUNT_EXISTS', `${account.email} has an account on this desk`, {
    metadata: { email: account.email },
  });
}

export async function lockAccount(tx: Transaction, scope: Scope, id: string): Promise<AccountRow> {
  const [row] = await tx.query<AccountRow>(
    `SELECT ${COLUMNS} FROM accounts
     WHERE id = $1 AND ($2::text IS NULL OR desk_id = $2) AND ($3::uuid IS NULL OR organisation_id = $3) FOR NO KEY UPDATE`,
    [id, scope.deskId, scope.organisationId],
  );
  if (!row) throw notFound('account', id);
  return row;
}

/** The person of the organisation who has this address and has not accepted the invitation yet. */
export async function lockInvited(
  tx: Transaction,
  organisationId: string,
  emailKey: string,
): Promise<AccountRow | undefined> {
  const [row] = await tx.query<AccountRow>(
    `SELECT ${COLUMNS} FROM accounts WHERE organisation_id = $1 AND email_key = $2 AND state = 'invited' FOR NO KEY UPDATE`,
    [organisationId, emailKey],
  );
  return row;
}

/** Whoever holds the token: locked, so that it works once. */
export async function lockByInvitation(tx: Transaction, hash: Buffer): Promise<AccountRow | undefined> {
  const [row] = await tx.query<AccountRow>(`SELECT ${COLUMNS} FROM accounts WHERE invitation_hash = $1 FOR NO KEY UPDATE`, [hash]);
  return row;
}

export function changeAccount(tx: Transaction, account: AccountRow): void {
  const { id, ...rest } = account;
  tx.update(AccountEntity, { id }, rest);
}

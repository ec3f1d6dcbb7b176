import { notFound } from '#kernel/errors.js';
import type { Transaction } from '#platform/database/transaction.js';
import type { Scope } from '../domain/tenancy.js';
import { ApiKeyEntity } from './api-key.entity.js';

export type ApiKeyView = Readonly<Omit<ApiKeyEntity, 'hash'>>;

export const API_KEY_COLUMNS = `id, desk_id AS "deskId", name, roles, created_at AS "createdAt", expires_at AS "expiresAt",
  revoked_at AS "revokedAt", last_used_at AS "lastUsedAt"`;

export function insertApiKey(tx: Transaction, key: ApiKeyView, hash: Buffer): void {
  tx.insert(ApiKeyEntity, { ...key, hash });
}

export async function lockApiKey(tx: Transaction, scope: Scope, id: string): Promise<ApiKeyView> {
  const [row] = await tx.query<ApiKeyView>(
    `SELECT ${API_KEY_COLUMNS} FROM api_keys WHERE id = $1 AND ($2::text IS NULL OR desk_id = $2) FOR NO KEY UPDATE`,
    [id, scope.deskId],
  );
  if (!row) throw notFound('api_key', id);
  return row;
}

export function revokeApiKey(tx: Transaction, id: string, revokedAt: Date): void {
  tx.update(ApiKeyEntity, { id }, { revokedAt });
}

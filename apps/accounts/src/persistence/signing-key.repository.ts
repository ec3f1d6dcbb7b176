import type { Transaction } from '#platform/database/transaction.js';
import { SigningKeyEntity } from './signing-key.entity.js';

export type SigningKeyRow = Readonly<SigningKeyEntity>;

export const SIGNING_KEY_COLUMNS = `kid, public_jwk AS "publicJwk", sealed_private_jwk AS "sealedPrivateJwk",
  created_at AS "createdAt", active_from AS "activeFrom", retired_at AS "retiredAt"`;

/** All keys, under a lock that holds until the transaction ends: replicas that start together make one key. */
export async function lockSigningKeys(tx: Transaction): Promise<SigningKeyRow[]> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('priolane.accounts.signing-keys'))`);
  return tx.query<SigningKeyRow>(`SELECT ${SIGNING_KEY_COLUMNS} FROM signing_keys ORDER BY created_at, kid`);
}

export function insertSigningKey(tx: Transaction, key: SigningKeyRow): void {
  tx.insert(SigningKeyEntity, key);
}

export function retireSigningKey(tx: Transaction, kid: string, retiredAt: Date): void {
  tx.update(SigningKeyEntity, { kid }, { retiredAt });
}

export function activateSigningKey(tx: Transaction, kid: string, activeFrom: Date): void {
  tx.update(SigningKeyEntity, { kid }, { activeFrom });
}

export function removeSigningKey(tx: Transaction, kid: string): void {
  tx.execute('DELETE FROM signing_keys WHERE kid = $1', [kid]);
}

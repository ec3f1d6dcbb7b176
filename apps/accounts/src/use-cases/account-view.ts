import type { AccountView } from '../persistence/account.queries.js';
import type { AccountRow } from '../persistence/account.repository.js';

/** What may be shown and stored as an answer: no hashes. */
export function accountView(row: AccountRow): AccountView {
  const { id, deskId, organisationId, name, email, roles, language, state, createdAt } = row;
  return { id, deskId, organisationId, name, email, roles, language, state, createdAt };
}

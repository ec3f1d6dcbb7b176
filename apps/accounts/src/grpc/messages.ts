import { type Role, ROLES } from '#kernel/caller.js';
import { invalid } from '#kernel/errors.js';
import type { Account } from '#contracts/generated/priolane/accounts/v1/account.js';
import type { ApiKey } from '#contracts/generated/priolane/accounts/v1/api_key.js';
import type { TokenPair as TokenPairMessage } from '#contracts/generated/priolane/accounts/v1/auth.js';
import type { Desk } from '#contracts/generated/priolane/accounts/v1/desk.js';
import type { Organisation } from '#contracts/generated/priolane/accounts/v1/organisation.js';
import { Role as RoleMessage } from '#contracts/generated/priolane/common/v1/access.js';
import { toTimestamp, toTimestampOrNull } from '#platform/grpc/timestamps.js';
import type { AccountView } from '../persistence/account.queries.js';
import type { ApiKeyView } from '../persistence/api-key.repository.js';
import type { DeskView } from '../persistence/desk.queries.js';
import type { TokenPair } from '../use-cases/issue-tokens.js';
import type { OrganisationView } from '../use-cases/organisation-view.js';

/** `account_manager` is ROLE_ACCOUNT_MANAGER. */
export function toRole(role: Role): RoleMessage {
  return RoleMessage[`ROLE_${role.toUpperCase()}` as keyof typeof RoleMessage];
}

export function fromRoles(roles: readonly RoleMessage[]): Role[] {
  const known = roles.map((role) => ROLES.find((candidate) => toRole(candidate) === role));
  const unknown = roles.filter((_, index) => known[index] === undefined);
  if (unknown.length > 0) throw invalid([{ field: 'roles', description: `unknown: ${unknown.join(', ')}` }]);
  return known.filter((role) => role !== undefined);
}

export function toAccount(view: AccountView): Account {
  return {
    ...view,
    organisationId: view.organisationId ?? '',
    roles: view.roles.map(toRole),
    createdAt: toTimestamp(view.createdAt),
  };
}

export function toApiKey(view: ApiKeyView): ApiKey {
  return {
    ...view,
    roles: view.roles.map(toRole),
    createdAt: toTimestamp(view.createdAt),
    expiresAt: toTimestamp(view.expiresAt),
    revokedAt: toTimestampOrNull(view.revokedAt),
    lastUsedAt: toTimestampOrNull(view.lastUsedAt),
  };
}

export function toDesk(view: DeskView): Desk {
  return { ...view, appliedAt: toTimestamp(view.appliedAt) };
}

export function toOrganisation(view: OrganisationView): Organisation {
  return { ...view, packageId: view.packageId ?? '', createdAt: toTimestamp(view.createdAt) };
}

export function toTokenPair(pair: TokenPair): TokenPairMessage {
  return {
    accessToken: pair.accessToken,
    accessExpiresAt: toTimestamp(pair.accessExpiresAt),
    refreshToken: pair.refreshToken,
    refreshExpiresAt: toTimestampOrNull(pair.refreshExpiresAt),
  };
}

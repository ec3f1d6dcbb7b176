import { type Caller, hasRole, type Role } from '#kernel/caller.js';
import { DomainError, invalid } from '#kernel/errors.js';
import { servesAllDesks } from './tenancy.js';

const CUSTOMERS: readonly Role[] = ['customer', 'account_manager'];
const STAFF: readonly Role[] = ['agent', 'lead', 'finance', 'admin'];
const PROGRAMS: readonly Role[] = [...STAFF, 'integrator', 'service'];

/**
 * The roles of a new account. Customers have an organisation and staff have none; an account manager is a customer
 * as well. Only admins give roles to staff.
 */
export function accountRoles(caller: Caller, asked: readonly Role[], inOrganisation: boolean): readonly Role[] {
  const allowed = inOrganisation ? CUSTOMERS : STAFF;
  if (asked.length === 0 && !inOrganisation) {
    throw invalid([{ field: 'roles', description: 'are required for staff; customers need an organisation_id' }]);
  }
  const wrong = asked.filter((role) => !allowed.includes(role));
  if (wrong.length > 0) {
    const whose = inOrganisation ? 'accounts of an organisation' : 'accounts without an organisation';
    throw invalid([{ field: 'roles', description: `${wrong.join(', ')}: ${whose} are ${allowed.join(' or ')}` }]);
  }
  if (!inOrganisation) requireAdmin(caller, asked);
  return inOrganisation ? [...new Set<Role>(['customer', ...asked])] : [...new Set(asked)];
}

/** The roles of an API key. A key of another Priolane service is given by the installation's admin only. */
export function apiKeyRoles(caller: Caller, asked: readonly Role[]): readonly Role[] {
  if (asked.length === 0) throw invalid([{ field: 'roles', description: 'are required' }]);
  const wrong = asked.filter((role) => !PROGRAMS.includes(role));
  if (wrong.length > 0) {
    throw invalid([{ field: 'roles', description: `${wrong.join(', ')}: keys are ${PROGRAMS.join(' or ')}` }]);
  }
  if (asked.includes('service') && !servesAllDesks(caller)) throw notGrantable(['service']);
  return [...new Set(asked)];
}

function requireAdmin(caller: Caller, asked: readonly Role[]): void {
  if (!hasRole(caller, 'admin')) throw notGrantable(asked);
}

function notGrantable(roles: readonly Role[]): DomainError {
  return new DomainError('FORBIDDEN', 'ROLE_NOT_GRANTABLE', `you cannot give ${roles.join(', ')}`, {
    metadata: { roles: roles.join(',') },
  });
}

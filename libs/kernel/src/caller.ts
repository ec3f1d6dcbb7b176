export const ROLES = [
  'customer',
  'agent',
  'lead',
  'account_manager',
  'finance',
  'admin',
  'integrator',
  'service',
] as const;
export type Role = (typeof ROLES)[number];

/**
 * Who is calling, as the verified token says. Every repository query takes one: `deskId` always narrows the rows, and
 * `organisationId` narrows them further for those who are not staff of the desk.
 */
export interface Caller {
  readonly deskId: string;
  /** Set for customers; staff of the desk and services have none. */
  readonly organisationId?: string;
  readonly accountId: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
}

const STAFF: readonly Role[] = ['agent', 'lead', 'finance', 'admin', 'service'];

/** Staff see every organisation of their desk; everybody else only their own. */
export function isStaff(caller: Caller): boolean {
  return caller.roles.some((role) => STAFF.includes(role));
}

export function hasRole(caller: Caller, ...roles: readonly Role[]): boolean {
  return caller.roles.some((role) => roles.includes(role));
}

import type { Caller, Role } from '#kernel/caller.js';
import { deskNamedBy, scopeOf } from './tenancy.js';

const caller = (deskId: string, roles: readonly Role[], organisationId?: string): Caller => ({
  deskId,
  organisationId,
  accountId: 'a',
  name: 'A',
  email: 'a@a.example',
  roles,
});

describe('what a caller may see', () => {
  it.each<[string, Caller, ReturnType<typeof scopeOf>]>([
    ['staff: the desk', caller('d', ['agent']), { deskId: 'd', organisationId: null }],
    ['a program: the desk', caller('d', ['integrator']), { deskId: 'd', organisationId: null }],
    ['a customer: the organisation', caller('d', ['customer'], 'o'), { deskId: 'd', organisationId: 'o' }],
    ['an account manager: the organisation', caller('d', ['account_manager'], 'o'), { deskId: 'd', organisationId: 'o' }],
    ['a role above that of a customer does not widen it', caller('d', ['customer', 'admin'], 'o'), { deskId: 'd', organisationId: 'o' }],
    ['the installation: all desks', caller('*', ['admin']), { deskId: null, organisationId: null }],
  ])('%s', (_, who, scope) => {
    expect(scopeOf(who)).toEqual(scope);
  });

  it('is nothing for a customer without an organisation', () => {
    expect(scopeOf(caller('d', ['customer'])).organisationId).toBe('00000000-0000-0000-0000-000000000000');
  });

  it("is the caller's desk unless the installation's admin names one", () => {
    expect(deskNamedBy(caller('d', ['admin']), '')).toBe('d');
    expect(deskNamedBy(caller('d', ['admin']), 'd')).toBe('d');
    expect(() => deskNamedBy(caller('d', ['admin']), 'e')).toThrow('desk e was not found');
    expect(deskNamedBy(caller('*', ['admin']), 'e')).toBe('e');
    expect(() => deskNamedBy(caller('*', ['admin']), '')).toThrow('desk_id');
  });
});

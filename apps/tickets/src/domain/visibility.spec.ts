import { ROLES, type Role } from '#kernel/caller.js';
import { desk, DESKS, person } from '../../test/domain/fixtures.js';
import { scopeOf, scopeOfView } from './visibility.js';

const SEE_THE_DESK: readonly Role[] = ['agent', 'lead', 'finance', 'admin', 'service', 'integrator'];
const ORGANISATION = 'acme';

describe('whose tickets a caller sees', () => {
  const all = DESKS.flatMap((id) => ROLES.map((role) => ({ id, role, whole: desk(id).tickets.visibility === 'organisation' })));

  it.each(all.filter(({ role }) => SEE_THE_DESK.includes(role)))('$id: $role sees the desk, and no other', ({ id, role }) => {
    expect(scopeOf(desk(id), person('me', role))).toEqual({ deskId: 'desk' });
  });

  it.each(all.filter(({ role, whole }) => !SEE_THE_DESK.includes(role) && whole))(
    '$id: $role sees the organisation’s (PKG-14)',
    ({ id, role }) => {
      expect(scopeOf(desk(id), person('me', role, ORGANISATION))).toEqual({ deskId: 'desk', organisationId: ORGANISATION });
    },
  );

  it.each(all.filter(({ role, whole }) => !SEE_THE_DESK.includes(role) && !whole))('$id: $role sees its own', ({ id, role }) => {
    expect(scopeOf(desk(id), person('me', role, ORGANISATION))).toEqual({ deskId: 'desk', requesterAccountId: 'me' });
  });

  it.each(DESKS)('%s: somebody without an organisation sees their own only', (id) => {
    expect(scopeOf(desk(id), person('me', 'customer'))).toEqual({ deskId: 'desk', requesterAccountId: 'me' });
  });

  it('PKG-14, FLT-9: a view narrows and never widens', () => {
    const me = person('me', 'customer', ORGANISATION);
    expect(scopeOfView(desk('packages'), me, 'requested')).toEqual({ deskId: 'desk', organisationId: ORGANISATION, requesterAccountId: 'me' });
    expect(scopeOfView(desk('packages'), me, 'organisation')).toEqual({ deskId: 'desk', organisationId: ORGANISATION });
    expect(scopeOfView(desk('fleet'), me, 'organisation')).toEqual({ deskId: 'desk', requesterAccountId: 'me' });
  });
});

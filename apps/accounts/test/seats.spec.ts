import { Role } from '#contracts/generated/priolane/common/v1/access.js';
import { newId } from '#kernel/ids.js';
import { refusalOf } from '#testing/refusal.js';
import {
  type AccountsUnderTest,
  accessToken,
  applyDesk,
  type Clients,
  createOrganisation,
  createPerson,
  PASSWORD,
  startAccounts,
} from './accounts-harness.js';

const DAY = 24 * 60 * 60_000;

const invitation = (organisationId: string, email: string) => ({
  requestId: newId(),
  organisationId,
  name: email.split('@')[0]!,
  email,
  roles: [],
  language: '',
});

const changePackage = (by: Clients, organisationId: string, packageId: string, requestId: string = newId()) =>
  by.organisations.changePackage({ requestId, organisationId, packageId });

describe('seats, invitations and packages', () => {
  let accounts: AccountsUnderTest;

  beforeAll(async () => {
    accounts = await startAccounts();
    await applyDesk(accounts, 'packages', 'fleet');
  });
  afterAll(() => accounts.close());

  const invite = (organisationId: string, email: string, by: Clients = accounts.admin) =>
    by.accounts.inviteAccount(invitation(organisationId, email));
  const seats = async (organisationId: string) => {
    const { organisation } = await accounts.admin.organisations.getOrganisation({ organisationId });
    return { packageId: organisation!.packageId, used: organisation!.seatsUsed, limit: organisation!.seatsLimit };
  };
  const tokenIn = async (accountId: string): Promise<string> => {
    const events = await accounts.events(accountId);
    const link = events.findLast((event) => event.type === 'invitation.sent')!.data['link'] as string;
    expect(link).toMatch(/^https:\/\/service\.packages\.example\/invitations\/inv_[\w-]{43}$/);
    return link.slice(link.lastIndexOf('/') + 1);
  };
  const manager = (organisationId: string, email: string) =>
    createPerson(accounts, { deskId: 'packages', organisationId, email, roles: [Role.ROLE_ACCOUNT_MANAGER] });

  it.each([
    ['basic', 1],
    ['bronze', 3],
    ['silver', 5],
    ['gold', 10],
  ])('PKG-2 the package %s has %i service accounts', async (packageId, limit) => {
    expect(await seats(await createOrganisation(accounts, 'packages', packageId))).toEqual({ packageId, used: 0, limit });
  });

  it('PKG-2 gives the smallest package where none is named, and names the packages where it is unknown', async () => {
    expect((await seats(await createOrganisation(accounts, 'packages'))).packageId).toBe('basic');
    const refused = await refusalOf(createOrganisation(accounts, 'packages', 'platinum'));
    expect(refused).toMatchObject({ status: 'INVALID_ARGUMENT', reason: 'PACKAGE_UNKNOWN' });
    expect(refused.violations).toEqual([{ field: 'package_id', description: 'is none of basic, bronze, silver, gold' }]);
  });

  it('sets no limit where the package has none', async () => {
    expect((await seats(await createOrganisation(accounts, 'fleet'))).limit).toBe(-1);
  });

  it('PKG-4 the main contact comes first and manages the account; one more than the seats is refused', async () => {
    const organisationId = await createOrganisation(accounts, 'packages', 'bronze');
    const main = (await invite(organisationId, 'main@acme.example')).account!;
    expect(main).toMatchObject({ state: 'invited', roles: [Role.ROLE_CUSTOMER, Role.ROLE_ACCOUNT_MANAGER] });
    const token = await tokenIn(main.id);
    expect((await accounts.anybody.accounts.acceptInvitation({ token, password: PASSWORD })).account!.state).toBe('active');
    const signedIn = await accounts.anybody.auth.signIn({ deskId: 'packages', email: main.email, password: PASSWORD });
    const clients = accounts.as(accessToken(signedIn));
    const second = (await invite('', 'second@acme.example', clients)).account!;
    expect(second).toMatchObject({ organisationId, roles: [Role.ROLE_CUSTOMER] });
    await invite(organisationId, 'third@acme.example', clients);
    const refused = await refusalOf(invite(organisationId, 'fourth@acme.example', clients));
    expect(refused).toMatchObject({
      status: 'RESOURCE_EXHAUSTED',
      reason: 'SEATS_EXHAUSTED',
      metadata: { used: '3', limit: '3' },
    });
    expect(refused.message).toContain('3 of 3');
  });

  it('PKG-4 of twenty who race for the last seat exactly one wins', async () => {
    const organisationId = await createOrganisation(accounts, 'packages', 'silver');
    for (let i = 0; i < 4; i += 1) await invite(organisationId, `early${i}@race.example`);
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => invite(organisationId, `late${i}@race.example`)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = results.flatMap((result) => (result.status === 'rejected' ? [(result.reason as { reason: string }).reason] : []));
    expect(new Set(reasons)).toEqual(new Set(['SEATS_EXHAUSTED']));
    expect(await seats(organisationId)).toEqual({ packageId: 'silver', used: 5, limit: 5 });
  });

  it('PKG-4 the invitation works once, for two weeks, and a new one ends the old one', async () => {
    const organisationId = await createOrganisation(accounts, 'packages', 'bronze');
    const first = (await invite(organisationId, 'late@acme.example')).account!;
    const firstToken = await tokenIn(first.id);
    const again = (await invite(organisationId, 'LATE@acme.example')).account!;
    expect(again.id).toBe(first.id);
    expect((await seats(organisationId)).used).toBe(1);
    const accept = (token: string, password = PASSWORD) => accounts.anybody.accounts.acceptInvitation({ token, password });
    expect((await refusalOf(accept(firstToken))).reason).toBe('INVITATION_NOT_FOUND');

    const token = await tokenIn(first.id);
    accounts.clock.advance(14 * DAY + 1);
    expect(await refusalOf(accept(token))).toMatchObject({ status: 'FAILED_PRECONDITION', reason: 'INVITATION_EXPIRED' });
    accounts.clock.advance(-1);
    const short = await refusalOf(accept(token, 'too short'));
    expect(short.violations).toEqual([{ field: 'password', description: 'is shorter than 12 characters' }]);
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => accept(token)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await refusalOf(accept(token))).reason).toBe('INVITATION_NOT_FOUND');
  });

  it('PKG-5 refuses shared mailboxes for customers, tagged or not, and not for people whose names begin alike', async () => {
    const organisationId = await createOrganisation(accounts, 'packages', 'gold');
    for (const email of ['info@acme.example', 'Support@acme.example', 'info+desk@acme.example']) {
      const refused = await refusalOf(invite(organisationId, email));
      expect(refused).toMatchObject({ status: 'INVALID_ARGUMENT', reason: 'ROLE_ADDRESS' });
      expect(refused.violations.map(({ field }) => field)).toEqual(['email']);
      const person = { deskId: 'packages', organisationId, email, roles: [] };
      expect((await refusalOf(createPerson(accounts, person))).reason).toBe('ROLE_ADDRESS');
    }
    await invite(organisationId, 'infobert@acme.example');
    expect((await seats(organisationId)).used).toBe(1);
    const elsewhere = await createOrganisation(accounts, 'fleet');
    await invite(elsewhere, 'info@fleetcustomer.example');
  });

  it('PKG-6 only an account manager changes the package', async () => {
    const organisationId = await createOrganisation(accounts, 'packages', 'bronze');
    const boss = await manager(organisationId, 'boss@six.example');
    const plain = await createPerson(accounts, { deskId: 'packages', organisationId, email: 'plain@six.example', roles: [] });
    expect((await refusalOf(changePackage(plain.clients, organisationId, 'gold'))).reason).toBe('ROLE_REQUIRED');
    const byAdmin = await refusalOf(changePackage(accounts.admin, organisationId, 'gold'));
    expect(byAdmin).toMatchObject({ status: 'PERMISSION_DENIED', reason: 'PACKAGE_CHANGE_NOT_ALLOWED' });
    const { organisation } = await changePackage(boss.clients, organisationId, 'gold');
    expect(organisation).toMatchObject({ packageId: 'gold', seatsUsed: 2, seatsLimit: 10 });
  });

  it('PKG-6 more seats count at once; fewer than are in use are refused, naming who would have to go', async () => {
    const organisationId = await createOrganisation(accounts, 'packages', 'bronze');
    const boss = await manager(organisationId, 'boss@change.example');
    for (const name of ['ann', 'bob']) await invite(organisationId, `${name}@change.example`, boss.clients);
    expect((await refusalOf(invite(organisationId, 'cid@change.example', boss.clients))).reason).toBe('SEATS_EXHAUSTED');
    await changePackage(boss.clients, organisationId, 'silver');
    const cid = (await invite(organisationId, 'cid@change.example', boss.clients)).account!;

    const refused = await refusalOf(changePackage(boss.clients, organisationId, 'bronze'));
    expect(refused).toMatchObject({
      status: 'FAILED_PRECONDITION',
      metadata: { current: 'silver', allowed: 'silver,gold', used: '4', limit: '3', accounts: 'cid <cid@change.example>' },
    });
    const smaller = await refusalOf(changePackage(boss.clients, organisationId, 'basic'));
    expect(smaller.metadata['accounts']).toBe('ann <ann@change.example>, bob <bob@change.example>, cid <cid@change.example>');

    await boss.clients.accounts.closeAccount({ requestId: newId(), accountId: cid.id });
    await changePackage(boss.clients, organisationId, 'bronze');
    expect(await seats(organisationId)).toEqual({ packageId: 'bronze', used: 3, limit: 3 });
    const events = await accounts.events(organisationId);
    expect(events.map(({ type, sequence, data }) => [type, sequence, data['packageId']])).toEqual([
      ['organisation.created', 1, 'bronze'],
      ['organisation.changed', 2, 'silver'],
      ['organisation.changed', 3, 'bronze'],
    ]);
  });

  it('PKG-6 nobody slips in while the package shrinks', async () => {
    const organisationId = await createOrganisation(accounts, 'packages', 'silver');
    const boss = await manager(organisationId, 'boss@shrink.example');
    for (const name of ['a', 'b']) await invite(organisationId, `${name}@shrink.example`);
    await Promise.allSettled([
      changePackage(boss.clients, organisationId, 'bronze'),
      ...Array.from({ length: 4 }, (_, i) => invite(organisationId, `new${i}@shrink.example`)),
    ]);
    const { used, limit } = await seats(organisationId);
    expect(used).toBeLessThanOrEqual(limit);
  });

  it('changes nothing, and publishes nothing, for the package that is in force or for a repeated request', async () => {
    const organisationId = await createOrganisation(accounts, 'packages', 'bronze');
    const boss = await manager(organisationId, 'boss@same.example');
    await changePackage(boss.clients, organisationId, 'bronze');
    const requestId = newId();
    const first = await changePackage(boss.clients, organisationId, 'gold', requestId);
    await changePackage(boss.clients, organisationId, 'silver');
    expect(await changePackage(boss.clients, organisationId, 'gold', requestId)).toEqual(first);
    expect((await seats(organisationId)).packageId).toBe('silver');
    expect((await accounts.events(organisationId)).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });
});

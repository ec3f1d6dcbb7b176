import { Role } from '#contracts/generated/priolane/common/v1/access.js';
import { newId } from '#kernel/ids.js';
import { refusalOf } from '#testing/refusal.js';
import {
  type AccountsUnderTest,
  accessToken,
  applyDesk,
  createOrganisation,
  createPerson,
  PASSWORD,
  startAccounts,
} from './accounts-harness.js';

describe('AccountService', () => {
  let accounts: AccountsUnderTest;
  let organisationId: string;

  beforeAll(async () => {
    accounts = await startAccounts();
    await applyDesk(accounts, 'packages', 'fleet');
    organisationId = await createOrganisation(accounts, 'packages', 'gold');
  });
  afterAll(() => accounts.close());

  const request = (email: string, parts: object = {}) => ({
    requestId: newId(),
    deskId: 'packages',
    organisationId,
    name: 'Kim',
    email,
    password: PASSWORD,
    roles: [],
    language: '',
    ...parts,
  });
  const create = (email: string, parts: object = {}) => accounts.admin.accounts.createAccount(request(email, parts));

  it('names every fault of a request in one answer', async () => {
    const refused = await refusalOf(
      create('nonsense', { requestId: '', name: ' ', password: 'short', language: 'not a language', organisationId: '7' }),
    );
    expect(refused.status).toBe('INVALID_ARGUMENT');
    expect(refused.violations.map(({ field }) => field)).toEqual(['request_id', 'name', 'email', 'language', 'organisation_id']);
    const short = await refusalOf(create('nonsense', { password: 'short' }));
    expect(short.violations.map(({ field }) => field)).toEqual(['email', 'password']);
  });

  it("has one account an address and desk, whatever its case, and the desk's language where none is named", async () => {
    const { account } = await create('One@acme.example');
    expect(account).toMatchObject({ email: 'One@acme.example', state: 'active', language: 'en', roles: [Role.ROLE_CUSTOMER] });
    expect(await refusalOf(create('one@ACME.example'))).toMatchObject({ status: 'ALREADY_EXISTS', reason: 'ACCOUNT_EXISTS' });
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => create('race@acme.example')));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const fleet = await createOrganisation(accounts, 'fleet');
    await create('one@acme.example', { deskId: 'fleet', organisationId: fleet });
  });

  it('gives the same answer for the same request id, however often and at once, and has one effect', async () => {
    const same = request('again@acme.example');
    const first = await accounts.admin.accounts.createAccount(same);
    const again = await Promise.all(Array.from({ length: 4 }, () => accounts.admin.accounts.createAccount(same)));
    for (const answer of again) expect(answer).toEqual(first);
    const together = request('together@acme.example');
    const answers = await Promise.all(Array.from({ length: 4 }, () => accounts.admin.accounts.createAccount(together)));
    expect(new Set(answers.map(({ account }) => account!.id)).size).toBe(1);
    const other = await refusalOf(accounts.admin.accounts.createAccount({ ...same, password: 'another good password' }));
    expect(other).toMatchObject({ status: 'ALREADY_EXISTS', reason: 'REQUEST_ID_REUSED' });
    expect(await accounts.rows(`SELECT 1 FROM outbox WHERE aggregate_id = $1`, [first.account!.id])).toHaveLength(1);
  });

  it('finds the desk by the organisation for admins of the installation, and no organisation of another desk', async () => {
    expect((await create('found@acme.example', { deskId: '' })).account!.deskId).toBe('packages');
    expect((await refusalOf(create('wrong@acme.example', { deskId: 'fleet' }))).reason).toBe('ORGANISATION_NOT_FOUND');
    const nowhere = await refusalOf(create('nowhere@acme.example', { deskId: '', organisationId: '', roles: [Role.ROLE_AGENT] }));
    expect(nowhere.violations.map(({ field }) => field)).toEqual(['desk_id']);
  });

  it('keeps the roles of customers and of staff apart, and lets programs make customers only', async () => {
    const wrong = await refusalOf(create('w@acme.example', { roles: [Role.ROLE_AGENT] }));
    expect(wrong.violations.map(({ field }) => field)).toEqual(['roles']);
    const staff = { organisationId: '', roles: [Role.ROLE_CUSTOMER] };
    expect((await refusalOf(create('w@acme.example', staff))).violations.map(({ field }) => field)).toEqual(['roles']);
    expect((await refusalOf(create('w@acme.example', { roles: [42] }))).violations.map(({ field }) => field)).toEqual(['roles']);

    const { secret } = await accounts.admin.apiKeys.createApiKey({
      requestId: newId(),
      deskId: 'packages',
      name: 'Importer',
      roles: [Role.ROLE_INTEGRATOR],
      expiresAt: null,
    });
    const program = accounts.as(accessToken(await accounts.anybody.auth.exchangeApiKey({ apiKey: secret })));
    await program.accounts.createAccount(request('imported@acme.example', { deskId: '' }));
    const agent = request('agent@acme.example', { organisationId: '', roles: [Role.ROLE_ADMIN] });
    expect(await refusalOf(program.accounts.createAccount(agent))).toMatchObject({
      status: 'PERMISSION_DENIED',
      reason: 'ROLE_NOT_GRANTABLE',
    });
  });

  it('closes an account once: its seat and its address are free, and its sessions end', async () => {
    const person = await createPerson(accounts, { deskId: 'packages', organisationId, email: 'leaver@acme.example', roles: [] });
    const { tokens } = await accounts.anybody.auth.signIn({ deskId: 'packages', email: person.email, password: PASSWORD });
    const close = (requestId: string) => accounts.admin.accounts.closeAccount({ requestId, accountId: person.id });
    const requestId = newId();
    const closed = await close(requestId);
    expect(closed.account!.state).toBe('closed');
    expect(await close(requestId)).toEqual(closed);
    const twice = await refusalOf(close(newId()));
    expect(twice).toMatchObject({ status: 'FAILED_PRECONDITION', reason: 'ACCOUNT_STATE', metadata: { current: 'closed', allowed: '' } });
    expect((await refusalOf(accounts.anybody.auth.refreshToken({ refreshToken: tokens!.refreshToken }))).reason).toBe('REFRESH_REFUSED');
    const signIn = accounts.anybody.auth.signIn({ deskId: 'packages', email: person.email, password: PASSWORD });
    expect((await refusalOf(signIn)).reason).toBe('SIGN_IN_REFUSED');
    expect((await accounts.events(person.id)).map(({ type, sequence, data }) => [type, sequence, data['active'] ?? false])).toEqual([
      ['account.created', 1, true],
      ['account.closed', 2, false],
    ]);
    const { account } = await create(person.email);
    expect(account!.id).not.toBe(person.id);
  });

  it('publishes an invited account as not active until the invitation is accepted', async () => {
    const { account } = await accounts.admin.accounts.inviteAccount({ ...request('new@acme.example'), organisationId });
    const events = await accounts.events(account!.id);
    expect(events.map(({ type, sequence, data }) => [type, sequence, data['active'] ?? false])).toEqual([
      ['account.created', 1, false],
      ['invitation.sent', 2, false],
    ]);
    const link = events[1]!.data['link'] as string;
    await accounts.anybody.accounts.acceptInvitation({ token: link.slice(link.lastIndexOf('/') + 1), password: PASSWORD });
    const [last] = (await accounts.events(account!.id)).slice(-1);
    expect([last!.type, last!.sequence, last!.data['active']]).toEqual(['account.changed', 3, true]);
  });

  it('writes down who did what', async () => {
    const { account } = await create('audited@acme.example');
    expect(await accounts.rows('SELECT action, desk_id AS "deskId" FROM audit WHERE subject_id = $1', [account!.id])).toEqual([
      { action: 'create-account', deskId: '*' },
    ]);
  });

  it('lists accounts and organisations page by page', async () => {
    const organisation = await createOrganisation(accounts, 'packages', 'gold');
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) ids.push((await create(`p${i}@pages.example`, { organisationId: organisation })).account!.id);
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await accounts.admin.accounts.listAccounts({ organisationId: organisation, pageSize: 2, pageToken });
      seen.push(...page.accounts.map(({ id }) => id));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(seen).toEqual(ids);
    const all = await accounts.admin.organisations.listOrganisations({ pageSize: 1, pageToken: '' });
    expect(all.organisations).toHaveLength(1);
    const stolen = accounts.admin.accounts.listAccounts({ organisationId: '', pageSize: 2, pageToken: all.nextPageToken });
    expect((await refusalOf(stolen)).violations.map(({ field }) => field)).toEqual(['page_token']);
  });
});

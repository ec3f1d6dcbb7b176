import { METHODS } from '#contracts/generated/access.js';
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
  deskFile,
  PASSWORD,
  type Person,
  startAccounts,
} from './accounts-harness.js';

/** Everything that belongs to the desk `packages`, and is asked for by somebody of the desk `fleet`. */
interface Theirs {
  readonly organisationId: string;
  readonly accountId: string;
  readonly apiKeyId: string;
}

describe('tenancy', () => {
  let accounts: AccountsUnderTest;
  let theirs: Theirs;
  let stranger: Person;
  let strangeManager: Person;
  let colleague: Person;
  let neighbour: Person;

  beforeAll(async () => {
    accounts = await startAccounts();
    await applyDesk(accounts, 'packages', 'fleet');
    const organisationId = await createOrganisation(accounts, 'packages', 'gold');
    const neighbours = await createOrganisation(accounts, 'packages', 'gold');
    const fleet = await createOrganisation(accounts, 'fleet');
    const person = (deskId: string, organisation: string | undefined, email: string, roles: Role[]): Promise<Person> =>
      createPerson(accounts, { deskId, organisationId: organisation, email, roles });
    stranger = await person('fleet', undefined, 'admin@fleet.example', [Role.ROLE_ADMIN, Role.ROLE_LEAD]);
    strangeManager = await person('fleet', fleet, 'manager@fleetcustomer.example', [Role.ROLE_ACCOUNT_MANAGER]);
    colleague = await person('packages', organisationId, 'kim@acme.example', [Role.ROLE_ACCOUNT_MANAGER]);
    neighbour = await person('packages', neighbours, 'lee@other.example', [Role.ROLE_ACCOUNT_MANAGER]);
    const key = { requestId: newId(), deskId: 'packages', name: 'Theirs', roles: [Role.ROLE_AGENT], expiresAt: null };
    const { apiKey } = await accounts.admin.apiKeys.createApiKey(key);
    theirs = { organisationId, accountId: colleague.id, apiKeyId: apiKey!.id };
  });
  afterAll(() => accounts.close());

  const person = { name: 'X', email: 'x@acme.example', roles: [], language: '' };

  /** Each method with a token on the far side: what a call for something of `packages` is answered with. */
  const attempts: Record<string, (by: Clients) => Promise<unknown>> = {
    'DeskService/ApplyDesk': (by) => by.desks.applyDesk({ requestId: newId(), source: deskFile('packages') }),
    'DeskService/GetDesk': (by) => by.desks.getDesk({ deskId: 'packages', version: 0 }),
    'OrganisationService/CreateOrganisation': (by) =>
      by.organisations.createOrganisation({ requestId: newId(), deskId: 'packages', name: 'X', packageId: '' }),
    'OrganisationService/GetOrganisation': (by) =>
      by.organisations.getOrganisation({ organisationId: theirs.organisationId }),
    'OrganisationService/ChangePackage': (by) =>
      by.organisations.changePackage({ requestId: newId(), organisationId: theirs.organisationId, packageId: 'gold' }),
    'AccountService/CreateAccount': (by) =>
      by.accounts.createAccount({
        ...person,
        requestId: newId(),
        deskId: '',
        organisationId: theirs.organisationId,
        password: PASSWORD,
      }),
    'AccountService/InviteAccount': (by) =>
      by.accounts.inviteAccount({ ...person, requestId: newId(), organisationId: theirs.organisationId }),
    'AccountService/GetAccount': (by) => by.accounts.getAccount({ accountId: theirs.accountId }),
    'AccountService/ListAccounts': (by) =>
      by.accounts.listAccounts({ organisationId: theirs.organisationId, pageSize: 0, pageToken: '' }),
    'AccountService/CloseAccount': (by) => by.accounts.closeAccount({ requestId: newId(), accountId: theirs.accountId }),
    'ApiKeyService/CreateApiKey': (by) =>
      by.apiKeys.createApiKey({ requestId: newId(), deskId: 'packages', name: 'X', roles: [Role.ROLE_AGENT], expiresAt: null }),
    'ApiKeyService/RevokeApiKey': (by) => by.apiKeys.revokeApiKey({ requestId: newId(), apiKeyId: theirs.apiKeyId }),
  };

  it.each(Object.keys(attempts))("%s does not know another desk's things", async (method) => {
    // Whose role may not call it is refused for that; an account manager is told no more than an admin.
    const byManager = await refusalOf(attempts[method]!(strangeManager.clients));
    expect(byManager.status === 'NOT_FOUND' || byManager.reason === 'ROLE_REQUIRED').toBe(true);
    const byAdmin = await refusalOf(attempts[method]!(stranger.clients));
    const expected = method === 'DeskService/ApplyDesk' ? 'PERMISSION_DENIED' : 'NOT_FOUND';
    expect(byAdmin.status).toBe(expected);
  });

  it('covers every method that needs a token, with the lists', () => {
    const lists = ['DeskService/ListDesks', 'OrganisationService/ListOrganisations', 'ApiKeyService/ListApiKeys'];
    /** They are about the caller's own token and text only. */
    const own = ['AuthService/WhoAmI', 'DeskService/CheckDesk'];
    const declared = Object.entries(METHODS)
      .filter(([name, mark]) => name.startsWith('priolane.accounts.v1.') && !mark.public)
      .map(([name]) => name.replace('priolane.accounts.v1.', ''));
    expect([...Object.keys(attempts), ...lists, ...own].sort()).toEqual(declared.sort());
  });

  it("lists a desk's own things only", async () => {
    const page = { pageSize: 0, pageToken: '' };
    const { clients } = stranger;
    expect((await clients.desks.listDesks({})).desks.map(({ id }) => id)).toEqual(['fleet']);
    const { organisations } = await clients.organisations.listOrganisations(page);
    expect(organisations.map(({ deskId }) => deskId)).toEqual(['fleet']);
    const everybody = (await clients.accounts.listAccounts({ ...page, organisationId: '' })).accounts;
    expect(everybody.map(({ email }) => email).sort()).toEqual(['admin@fleet.example', 'manager@fleetcustomer.example']);
    expect((await clients.apiKeys.listApiKeys({})).apiKeys).toEqual([]);
    expect((await accounts.admin.apiKeys.listApiKeys({})).apiKeys.map(({ name }) => name)).toEqual(['Theirs']);
  });

  it('shows customers their own organisation and its people, and no other, nor staff', async () => {
    const { clients } = neighbour;
    expect((await refusalOf(attempts['OrganisationService/GetOrganisation']!(clients))).status).toBe('NOT_FOUND');
    expect((await refusalOf(attempts['OrganisationService/ChangePackage']!(clients))).status).toBe('NOT_FOUND');
    expect((await refusalOf(attempts['AccountService/InviteAccount']!(clients))).status).toBe('NOT_FOUND');
    expect((await refusalOf(attempts['AccountService/GetAccount']!(clients))).status).toBe('NOT_FOUND');
    expect((await refusalOf(attempts['AccountService/ListAccounts']!(clients))).status).toBe('NOT_FOUND');
    expect((await refusalOf(attempts['AccountService/CloseAccount']!(clients))).status).toBe('NOT_FOUND');
    const own = await clients.accounts.listAccounts({ organisationId: '', pageSize: 0, pageToken: '' });
    expect(own.accounts.map(({ email }) => email)).toEqual(['lee@other.example']);
    const staff = await refusalOf(strangeManager.clients.accounts.getAccount({ accountId: stranger.id }));
    expect(staff.status).toBe('NOT_FOUND');
    expect((await colleague.clients.accounts.getAccount({ accountId: colleague.id })).account!.email).toBe('kim@acme.example');
  });

  it.each(Object.keys(attempts))('%s wants a token', async (method) => {
    expect(await refusalOf(attempts[method]!(accounts.anybody))).toMatchObject({ status: 'UNAUTHENTICATED', reason: 'TOKEN_MISSING' });
  });

  it('gives services a key for all desks, and every desk its own request ids', async () => {
    const key = { requestId: newId(), deskId: '*', name: 'sla', roles: [Role.ROLE_SERVICE], expiresAt: null };
    const { secret } = await accounts.admin.apiKeys.createApiKey(key);
    const service = accounts.as(accessToken(await accounts.anybody.auth.exchangeApiKey({ apiKey: secret })));
    expect((await service.accounts.getAccount({ accountId: theirs.accountId })).account!.id).toBe(theirs.accountId);
    expect((await service.desks.listDesks({})).desks).toHaveLength(2);
    const requestId = newId();
    const request = { requestId, deskId: '', name: 'Same', packageId: '' };
    const one = await stranger.clients.organisations.createOrganisation(request);
    const other = await accounts.admin.organisations.createOrganisation({ ...request, deskId: 'packages' });
    expect(one.organisation!.id).not.toBe(other.organisation!.id);
  });
});

import { Role } from '#contracts/generated/priolane/common/v1/access.js';
import { newId } from '#kernel/ids.js';
import { refusalOf } from '#testing/refusal.js';
import { parse, stringify } from 'yaml';
import {
  type AccountsUnderTest,
  applyDesk,
  createOrganisation,
  createPerson,
  deskFile,
  startAccounts,
} from './accounts-harness.js';

type Draft = Record<string, unknown> & { packages: { id: string }[]; accounts: { invitations: Record<string, unknown> } };

/** The file with a change, laid out differently. */
function changed(id: string, change: (draft: Draft) => void): string {
  const draft = parse(deskFile(id)) as Draft;
  change(draft);
  return stringify(draft);
}

describe('DeskService', () => {
  let accounts: AccountsUnderTest;

  beforeAll(async () => {
    accounts = await startAccounts();
  });
  afterAll(() => accounts.close());

  const get = (version: number) => accounts.admin.desks.getDesk({ deskId: 'fleet', version });
  const apply = (source: string, requestId: string = newId()) => accounts.admin.desks.applyDesk({ requestId, source });

  it.each(['fleet', 'officehours', 'webshop', 'hosting', 'packages'])('applies %s as version 1', async (id) => {
    const { desk, changed } = await apply(deskFile(id));
    expect(changed).toBe(true);
    expect(desk).toMatchObject({ id, version: 1 });
    expect(JSON.parse(desk!.document)).toEqual(parse(deskFile(id)));
  });

  it('changes nothing for the same content, in whatever layout and order', async () => {
    const draft = parse(deskFile('fleet')) as Record<string, unknown>;
    const turned = JSON.stringify(Object.fromEntries(Object.entries(draft).toReversed()));
    const { desk, changed } = await apply(turned);
    expect({ changed, version: desk!.version }).toEqual({ changed: false, version: 1 });
  });

  it('counts versions up, and publishes each with its document, without a gap', async () => {
    const { desk, changed: isNew } = await apply(changed('fleet', (draft) => (draft['name'] = 'Fleet 2')));
    expect({ isNew, version: desk!.version, name: desk!.name }).toEqual({ isNew: true, version: 2, name: 'Fleet 2' });
    const [row] = await accounts.rows<{ aggregateId: string }>(
      `SELECT aggregate_id AS "aggregateId" FROM desks WHERE id = 'fleet'`,
    );
    const events = await accounts.events(row!.aggregateId);
    expect(events.map(({ type, sequence, data }) => [type, sequence, data['version']])).toEqual([
      ['desk.applied', 1, 1],
      ['desk.applied', 2, 2],
    ]);
    expect(JSON.parse(events[1]!.data['document'] as string)).toMatchObject({ id: 'fleet', name: 'Fleet 2' });
  });

  it('keeps versions gap-free when several are applied at the same time', async () => {
    const sources = Array.from({ length: 6 }, (_, i) => changed('hosting', (draft) => (draft['name'] = `Hosting ${i}`)));
    const answers = await Promise.all(sources.map((source) => apply(source)));
    expect(answers.map(({ desk }) => desk!.version).sort()).toEqual([2, 3, 4, 5, 6, 7]);
    const { desk } = await accounts.admin.desks.getDesk({ deskId: 'hosting', version: 0 });
    expect(desk!.version).toBe(7);
  });

  it('applies the same content once when it comes several times at the same moment', async () => {
    const source = changed('officehours', (draft) => (draft['name'] = 'Once'));
    const answers = await Promise.all(Array.from({ length: 5 }, () => apply(source)));
    expect(answers.map(({ desk }) => desk!.version)).toEqual([2, 2, 2, 2, 2]);
    expect(answers.filter((answer) => answer.changed)).toHaveLength(1);
  });

  it('gives the same answer for the same request id, and refuses it for another file', async () => {
    const requestId = newId();
    const first = await apply(changed('webshop', (draft) => (draft['name'] = 'Shop 2')), requestId);
    await apply(changed('webshop', (draft) => (draft['name'] = 'Shop 3')));
    expect(await apply(changed('webshop', (draft) => (draft['name'] = 'Shop 2')), requestId)).toEqual(first);
    expect((await accounts.admin.desks.getDesk({ deskId: 'webshop', version: 0 })).desk!.name).toBe('Shop 3');
    expect((await refusalOf(apply(deskFile('webshop'), requestId))).reason).toBe('REQUEST_ID_REUSED');
  });

  it('names every fault with its path, in checking and in applying', async () => {
    const source = changed('fleet', (draft) => {
      draft['timeZone'] = 'Europe/Atlantis';
      draft['surprise'] = true;
      delete draft['contact'];
      draft.accounts.invitations['expiresAfter'] = 'two weeks';
    });
    for (const call of [apply(source), accounts.admin.desks.checkDesk({ source })]) {
      const refused = await refusalOf(call);
      expect(refused).toMatchObject({ status: 'INVALID_ARGUMENT', reason: 'DESK_INVALID' });
      expect(refused.violations.map(({ field }) => field).sort()).toEqual([
        'accounts.invitations.expiresAfter',
        'contact',
        'surprise',
        'timeZone',
      ]);
    }
    expect(await accounts.admin.desks.checkDesk({ source: deskFile('fleet') })).toEqual({ warnings: expect.any(Array) });
  });

  it('needs a request id of at most 128 characters, and a file', async () => {
    const refused = await refusalOf(apply('', ''));
    expect(refused.status).toBe('INVALID_ARGUMENT');
    expect(refused.violations.map(({ field }) => field)).toEqual(['request_id', 'source']);
    expect((await refusalOf(apply(deskFile('fleet'), 'x'.repeat(129)))).violations[0]!.field).toBe('request_id');
  });

  it('keeps the packages that organisations have', async () => {
    await createOrganisation(accounts, 'packages', 'silver');
    const without = changed('packages', (draft) => {
      draft.packages = draft.packages.map((entry) => (entry.id === 'silver' ? { ...entry, id: 'steel' } : entry));
    }).replaceAll('silver', 'steel');
    const refused = await refusalOf(apply(without));
    expect(refused).toMatchObject({ status: 'FAILED_PRECONDITION', reason: 'PACKAGE_IN_USE', metadata: { current: 'silver' } });
  });

  it('gives any version, and the newest for 0', async () => {
    expect((await get(1)).desk).toMatchObject({ version: 1, name: (parse(deskFile('fleet')) as Draft)['name'] });
    expect((await get(0)).desk).toMatchObject({ version: 2, name: 'Fleet 2' });
    expect(await refusalOf(get(9))).toMatchObject({ status: 'NOT_FOUND', reason: 'DESK_NOT_FOUND' });
  });

  it('HST-10 tells anybody the channels, in the language asked for', async () => {
    const { channels } = await accounts.anybody.desks.listChannels({ deskId: 'hosting', language: '' });
    const chat = channels.find((channel) => channel.id === 'chat');
    expect(chat).toMatchObject({ offered: true, label: expect.any(String), where: expect.any(String) });
    expect(channels.every(({ purpose, responseTime }) => purpose !== '' && responseTime !== '')).toBe(true);
    const [en, de] = await Promise.all(
      ['en', 'de'].map((language) => accounts.anybody.desks.listChannels({ deskId: 'webshop', language })),
    );
    expect(en!.channels.map(({ id }) => id)).toEqual(de!.channels.map(({ id }) => id));
    expect(en!.channels[0]!.purpose).not.toBe(de!.channels[0]!.purpose);
    expect((await refusalOf(accounts.anybody.desks.listChannels({ deskId: 'none', language: '' }))).status).toBe('NOT_FOUND');
  });

  it("lets a desk's own admin apply that desk only", async () => {
    await applyDesk(accounts, 'fleet');
    const { clients } = await createPerson(accounts, { deskId: 'fleet', email: 'boss@fleet.example', roles: [Role.ROLE_ADMIN] });
    const own = await clients.desks.applyDesk({ requestId: newId(), source: changed('fleet', (draft) => (draft['name'] = 'Mine')) });
    expect(own.desk!.name).toBe('Mine');
    const other = await refusalOf(clients.desks.applyDesk({ requestId: newId(), source: deskFile('packages') }));
    expect(other).toMatchObject({ status: 'PERMISSION_DENIED', reason: 'DESK_NOT_YOURS' });
    expect((await clients.desks.listDesks({})).desks.map((desk) => desk.id)).toEqual(['fleet']);
    expect((await accounts.admin.desks.listDesks({})).desks).toHaveLength(5);
  });
});

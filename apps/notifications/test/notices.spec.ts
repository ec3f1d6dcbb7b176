import { newId } from '#kernel/ids.js';
import { eventually } from '#testing/neighbours.js';
import { accountCreated, somebody } from './happenings.js';
import { MailServer } from './mail-server.js';
import { type NotificationsUnderTest, startNotifications } from './service.js';

const PAGE = { pageSize: 0, pageToken: '' };
const draft = (kind: string) => ({ requestId: newId(), kind, title: 'Slow maps', body: 'Maps load slowly.', startsAt: null });

describe('notices', () => {
  let under: NotificationsUnderTest;
  const server = new MailServer();

  beforeAll(async () => {
    await server.start();
    under = await startNotifications({ desks: ['fleet', 'hosting'], smtpUrl: server.url });
  });

  afterAll(async () => {
    await under?.stop();
    await server.stop();
  });

  it('FLT-3: anybody lists current notices, and each is published and ended once', async () => {
    const lead = under.notices({ deskId: 'fleet', roles: ['lead'] });
    const anybody = under.notices(null);
    const [kind] = await under.rows<{ kind: string }>(
      `SELECT document #>> '{notices,kinds,0,id}' AS kind FROM desk_version WHERE desk_id = 'fleet'`,
    );
    const request = draft(kind!.kind);
    const { notice } = await lead.publishNotice(request);
    expect((await lead.publishNotice(request)).notice).toEqual(notice);
    await lead.publishNotice({ ...draft(kind!.kind), title: 'Another' });
    const first = await anybody.listNotices({ deskId: 'fleet', includeEnded: false, pageSize: 1, pageToken: '' });
    expect(first.notices.map(({ title }) => title)).toEqual(['Another']);
    const second = await anybody.listNotices({ deskId: 'fleet', includeEnded: false, pageSize: 1, pageToken: first.nextPageToken });
    expect(second).toEqual({ notices: [notice], nextPageToken: '' });

    await lead.endNotice({ requestId: newId(), noticeId: notice!.id });
    await expect(lead.endNotice({ requestId: newId(), noticeId: notice!.id })).rejects.toMatchObject({ code: 9 });
    expect((await anybody.listNotices({ deskId: 'fleet', includeEnded: false, ...PAGE })).notices).toHaveLength(1);
    expect((await anybody.listNotices({ deskId: 'fleet', includeEnded: true, ...PAGE })).notices).toHaveLength(2);
    const heard = await eventually('both events', async () => {
      const events = await under.neighbours.heard('notifications', notice!.id);
      return events.length === 2 && events;
    });
    expect(heard.map(({ type, sequence }) => [type, sequence])).toEqual([
      ['notice.published', 1],
      ['notice.ended', 2],
    ]);
  });

  it('refuses unknown kinds and empty words together, and other desks’ notices', async () => {
    const lead = under.notices({ deskId: 'fleet', roles: ['lead'] });
    await expect(lead.publishNotice({ ...draft('gossip'), title: ' ' })).rejects.toMatchObject({
      code: 3,
      message: expect.stringMatching(/kind: gossip.*title: is required/),
    });
    const elsewhere = under.notices({ deskId: 'hosting', roles: ['lead'] });
    const { notice } = await elsewhere.publishNotice(draft('service_change'));
    await expect(lead.endNotice({ requestId: newId(), noticeId: notice!.id })).rejects.toMatchObject({ code: 5 });
    const all = { deskId: 'hosting', includeEnded: true, ...PAGE };
    await expect(under.notices(null).listNotices(all)).rejects.toMatchObject({ code: 16 });
    await expect(lead.listNotices(all)).rejects.toMatchObject({ code: 5 });
    const customer = under.notices({ deskId: 'hosting' });
    expect((await customer.listNotices(all)).notices.map(({ id }) => id)).toContain(notice!.id);
  });

  it('HST-8: those affected get a copy by mail, each one', async () => {
    const people = Array.from({ length: 12 }, () => somebody());
    for (const person of people) await under.neighbours.say('accounts', accountCreated('hosting', person));
    await under.neighbours.say('accounts', accountCreated('fleet', somebody()));
    await under.neighbours.say('accounts', accountCreated('hosting', somebody(), { active: false }));
    await eventually('the accounts', async () => (await under.rows('SELECT FROM account')).length === 14);
    await under.notices({ deskId: 'hosting', roles: ['agent'] }).publishNotice(draft('planned_maintenance'));
    await eventually('twelve copies', async () => server.mails.filter((mail) => mail.subject?.startsWith('Planned')).length >= 12);
    const copies = server.mails.filter((mail) => mail.subject === 'Planned maintenance: Slow maps');
    const recipients = copies.map(({ to }) => (Array.isArray(to) ? undefined : to?.value[0]?.address));
    expect(recipients.sort()).toEqual(people.map(({ email }) => email).sort());
  });
});

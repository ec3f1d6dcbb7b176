import { newId } from '#kernel/ids.js';
import { eventually } from '#testing/neighbours.js';
import { type Attempt, type Theirs, walkTenancy } from '#testing/tenancy-walk.js';
import { testCaller } from '#testing/tokens.js';
import { accountCreated, SaidTicket } from './happenings.js';
import { MailServer } from './mail-server.js';
import { startNotifications } from './service.js';

const SECRET = 'platypus';
const DESK_SECRET = 'walrus';
const PAGE = { pageSize: 0, pageToken: '' };

/** Kim, on the desk `hosting`, has had a mail and has set an address; the desk has a notice for those who are signed in. */
async function start(): Promise<Theirs> {
  const server = new MailServer();
  await server.start();
  const under = await startNotifications({ desks: ['hosting', 'packages'], smtpUrl: server.url });
  const kim = testCaller({ deskId: 'hosting', name: 'Kim', email: `kim@${SECRET}.example` });
  const { accountId, name, email } = kim;
  await under.neighbours.say('accounts', accountCreated('hosting', { accountId, name, email }));
  const ticket = new SaidTicket('hosting', { accountId, name, email }, { subject: `The ${SECRET}` });
  await under.neighbours.say('tickets', ticket.opened());
  const known = `SELECT FROM delivery WHERE ticket_id = $1 AND state = 'sent'`;
  await eventually('the mail', async () => (await under.rows(known, [ticket.id])).length > 0);
  await under.preferences(kim).setMailAddress({ requestId: newId(), kind: 'abuse', email: `abuse@${SECRET}.example` });
  const agent = testCaller({ deskId: 'hosting', roles: ['agent'] });
  const draft = { requestId: newId(), kind: 'outage', title: `A ${DESK_SECRET}`, body: `A ${DESK_SECRET} fell.`, startsAt: null };
  const { notice } = await under.notices(agent).publishNotice(draft);
  const unsent = `SELECT FROM delivery WHERE state = 'pending'`;
  await eventually('no mail under way', async () => (await under.rows(unsent)).length === 0);

  const mine = { requestId: newId(), kind: 'maintenance', title: 'Mine', body: 'Mine', startsAt: null };
  const attempts: Record<string, Attempt[]> = {
    'DeliveryService/ListDeliveries': [
      { request: { ticketId: ticket.id, ...PAGE }, answer: 'OK' },
      { request: { ticketId: '', ...PAGE }, answer: 'OK' },
    ],
    'NoticeService/EndNotice': [{ request: { requestId: newId(), noticeId: notice!.id } }],
    'NoticeService/ListNotices': [{ request: { deskId: 'hosting', includeEnded: true, ...PAGE }, sameDesk: 'OK' }],
    'NoticeService/PublishNotice': [{ request: mine, answer: 'OK' }],
    'PreferenceService/ListMailAddresses': [{ request: {}, answer: 'OK' }],
    'PreferenceService/SetMailAddress': [
      // The other desk has no kinds of addresses.
      { request: { requestId: newId(), kind: 'abuse', email: 'sam@stranger.example' }, answer: 'INVALID_ARGUMENT', sameDesk: 'OK' },
    ],
  };
  return {
    service: under.services[0]!,
    deskId: 'hosting',
    otherDeskId: 'packages',
    secret: SECRET,
    deskSecret: DESK_SECRET,
    attempts,
    owner: { caller: agent, method: 'DeliveryService/ListDeliveries' },
    async stop() {
      await under.stop();
      await server.stop();
    },
  };
}

walkTenancy('priolane.notifications.v1', start, ['NoticeService/ListNotices']);

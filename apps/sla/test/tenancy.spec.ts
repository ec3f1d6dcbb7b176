import { newId } from '#kernel/ids.js';
import { toTimestamp } from '#platform/grpc/timestamps.js';
import { deskFile, eventually } from '#testing/neighbours.js';
import { type Attempt, type Theirs, walkTenancy } from '#testing/tenancy-walk.js';
import { testCaller } from '#testing/tokens.js';
import { berlin, MONDAY, officeDesk, startSla } from './service.js';
import { ToldTicket } from './told-ticket.js';

/** The desk `office` has a ticket of Kim's whose first response is overdue, and a policy of its own. */
async function start(): Promise<Theirs> {
  const plain = officeDesk();
  const policies = plain.sla.policies.map((line) => ({ ...line, id: 'walrus' }));
  const document = { ...plain, sla: { ...plain.sla, policies } };
  const under = await startSla([document, deskFile('fleet')]);
  const kim = testCaller({ deskId: document.id });
  const { accountId, organisationId = '' } = kim;
  const told = new ToldTicket(under.neighbours, { deskId: document.id, accountId, organisationId, packageId: 'standard' });
  await told.opened('2026-05-18 09:00');
  under.clock.set(berlin('2026-05-18 17:00:01'));
  const agent = testCaller({ deskId: document.id, roles: ['agent'] });
  const breaches = { from: null, to: null, target: '', includeRevoked: true, pageSize: 0, pageToken: '' };
  await eventually('the breach', async () => (await under.clocks(agent).listBreaches(breaches)).breaches.length > 0);

  const ticketId = told.id;
  const calendarId = 'office';
  const day = toTimestamp(MONDAY);
  const traits = { packageId: 'standard', type: 'issue', priority: 'normal', channel: 'form', lane: 'normal', department: '' };
  const icalendar = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nEND:VCALENDAR\r\n';
  // A desk's calendars and policies are for all its customers.
  const attempts: Record<string, Attempt[]> = {
    'CalendarService/ComputeBusinessTime': [{ request: { calendarId, start: day, addSeconds: '3600' }, sameDesk: 'OK' }],
    'CalendarService/ExportExceptions': [{ request: { calendarId } }],
    'CalendarService/GetCalendar': [{ request: { calendarId, version: 1 }, sameDesk: 'OK' }],
    'CalendarService/ImportExceptions': [{ request: { requestId: newId(), calendarId, icalendar } }],
    'CalendarService/ListCalendars': [{ request: {}, answer: 'OK' }],
    'ClockService/ExplainDeadline': [{ request: { ticketId, target: 'first_response', cycle: 0 } }],
    'ClockService/GetCompliance': [{ request: { from: null, to: null, target: '' }, answer: 'OK' }],
    'ClockService/GetResponseTimes': [
      {
        request: { deskId: document.id },
        answer: 'UNAUTHENTICATED',
        sameDesk: 'PERMISSION_DENIED',
      },
    ],
    'ClockService/ListBreaches': [{ request: breaches, answer: 'OK' }],
    'ClockService/ListClocks': [{ request: { ticketId } }],
    'ClockService/ListWaitingTickets': [{ request: { pageSize: 0, pageToken: '' }, answer: 'OK' }],
    'ClockService/PreviewDeadline': [{ request: { ...traits, openedAt: day }, answer: 'OK' }],
    'ClockService/ReplayClocks': [{ request: { ticketId } }, { request: { ticketId: '' }, answer: 'OK' }],
    'PolicyService/CheckPolicies': [{ request: { source: '' }, answer: 'OK' }],
    'PolicyService/ListPolicies': [{ request: {}, answer: 'OK' }],
    'PolicyService/SimulatePolicy': [
      { request: { source: JSON.stringify(plain), at: null, includeUnchanged: true }, answer: 'INVALID_ARGUMENT' },
      { request: { source: JSON.stringify(deskFile('fleet')), at: null, includeUnchanged: true }, answer: 'OK' },
    ],
  };
  return {
    service: under.service,
    deskId: document.id,
    otherDeskId: 'fleet',
    secret: `"${told.number}"`,
    deskSecret: 'walrus',
    attempts,
    owner: { caller: agent, method: 'ClockService/ListBreaches' },
    stop: () => under.stop(),
  };
}

walkTenancy('priolane.sla.v1', start, ['ClockService/GetResponseTimes']);

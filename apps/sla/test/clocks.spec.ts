import { status } from '@grpc/grpc-js';
import { type ClockServiceClient, ClockState } from '#contracts/generated/priolane/sla/v1/clock.js';
import type { Timestamp } from '#contracts/generated/google/protobuf/timestamp.js';
import type { Caller } from '#kernel/caller.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { newId } from '#kernel/ids.js';
import { topicOf } from '#messaging/event.js';
import { toMessage } from '#messaging/cloud-event.js';
import { PostgresBus } from '#messaging/bus/postgres/postgres-bus.js';
import { fromTimestamp, toTimestamp } from '#platform/grpc/timestamps.js';
import { withClient } from '#testing/infrastructure/databases.js';
import { deskFile, eventually } from '#testing/neighbours.js';
import { berlin, MONDAY, officeDesk, type SlaUnderTest, startSla } from './service.js';
import { type ToldParts, ToldTicket } from './told-ticket.js';

const iso = (at: Timestamp | null | undefined) => at && fromTimestamp(at).toISOString();

describe('clocks', () => {
  let under: SlaUnderTest;
  /** Each test has a desk of its own. */
  let desk: DeskDocument;
  let agent: Partial<Caller>;
  let lead: Partial<Caller>;
  let desks = 0;

  beforeAll(async () => {
    under = await startSla([deskFile('webshop')]);
  });

  beforeEach(async () => {
    under.clock.set(MONDAY);
    desk = officeDesk({ id: `office_${++desks}` });
    agent = { deskId: desk.id, roles: ['agent'] };
    lead = { deskId: desk.id, roles: ['lead'] };
    await under.applyDesk(desk, 1);
  });

  afterAll(() => under?.stop());

  const ticket = (parts?: ToldParts): ToldTicket => new ToldTicket(under.neighbours, { deskId: desk.id, ...parts });
  const factsOf = (told: ToldTicket) =>
    withClient(under.databaseUrl, async (client) => (await client.query('SELECT FROM ticket_fact WHERE ticket_id = $1', [told.id])).rowCount);
  const eventsOf = (told: ToldTicket) => under.neighbours.heard('sla', told.id);
  const typesOf = async (told: ToldTicket) =>
    (await eventsOf(told)).map(({ type, data }) => `${type} ${String(data['target'] ?? data['ruleId'])}`);
  const countOf = (told: ToldTicket, count: number) =>
    eventually(`${count} events`, async () => {
      const heard = await eventsOf(told);
      return heard.length >= count && heard;
    });
  const clockOf = async (told: ToldTicket, target: string, caller?: Partial<Caller>) => {
    const { clocks } = await under.clocks(caller ?? agent).listClocks({ ticketId: told.id });
    return clocks.findLast((clock) => clock.target === target);
  };
  const replay = async () => {
    const results = [];
    for await (const result of under.clocks(lead).replayClocks({ ticketId: '' })) results.push(result);
    return results;
  };

  it('go through a ticket’s life: started, warned, breached and met, each told once and in order', async () => {
    const told = ticket();
    await told.opened('2026-05-18 09:00');
    await countOf(told, 2);
    expect(await clockOf(told, 'first_response')).toMatchObject({ state: ClockState.CLOCK_STATE_RUNNING, policyId: 'all', calendarVersion: 1 });
    under.clock.set(berlin('2026-05-18 16:00'));
    expect(await typesOf(told)).toHaveLength(2);
    under.clock.set(berlin('2026-05-18 16:00:01'));
    await countOf(told, 3);
    await told.reply('2026-05-18 16:30');
    await countOf(told, 5);
    under.clock.set(berlin('2026-05-19 17:00:01'));
    await countOf(told, 6);
    await told.moved('2026-05-19 17:30', 'solved');
    const events = await countOf(told, 7);
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await typesOf(told)).toEqual([
      'clock.due_changed first_response',
      'clock.due_changed resolution',
      'clock.warned first_response',
      'clock.due_changed first_response',
      'clock.met first_response',
      'clock.breached resolution',
      'clock.due_changed resolution',
    ]);
    expect(events[5]!.data).toMatchObject({ dueAt: '2026-05-19T15:00:00Z', occurredAt: '2026-05-19T15:00:00Z', recordedAt: '2026-05-19T15:00:01.000Z' });
    expect(await clockOf(told, 'resolution')).toMatchObject({ state: ClockState.CLOCK_STATE_BREACHED, usedSeconds: '57600' });
    expect(await replay()).toMatchObject([{ summary: { tickets: '1', clocks: '2', differences: '0' } }]);
  });

  it('come out the same however often and in which order events arrive (SLA-12)', async () => {
    const told = ticket();
    under.clock.set(berlin('2026-05-18 12:00'));
    const first = await told.opened('2026-05-18 09:00');
    const bus = new PostgresBus(under.busUrl);
    const again = toMessage('tickets', { ...first, id: newId(), data: JSON.stringify(first.data) });
    await bus.publish(topicOf('tickets'), [again, again]);
    await bus.close();
    await told.at(3).moved('2026-05-18 11:00', 'pending');
    await countOf(told, 2);
    await told.at(2).reply('2026-05-18 10:00');
    await countOf(told, 4);
    expect(await typesOf(told)).toEqual([
      'clock.due_changed first_response',
      'clock.due_changed resolution',
      'clock.due_changed first_response',
      'clock.met first_response',
      'clock.due_changed resolution',
    ]);
    expect(iso((await clockOf(told, 'first_response'))?.satisfiedAt)).toBe('2026-05-18T08:00:00.000Z');
    expect(await clockOf(told, 'resolution')).toMatchObject({ state: ClockState.CLOCK_STATE_PAUSED, dueAt: null, usedSeconds: '7200' });
  });

  it('take a breach back when a reply in time is heard of late, and delete nothing (SLA-10)', async () => {
    const told = ticket();
    await told.opened('2026-05-18 09:00');
    await countOf(told, 2);
    under.clock.set(berlin('2026-05-18 18:00'));
    await countOf(told, 4);
    await told.reply('2026-05-18 16:55');
    const events = await countOf(told, 7);
    expect(events.slice(2).map(({ type }) => type)).toEqual([
      'clock.warned',
      'clock.breached',
      'clock.due_changed',
      'clock.breach_revoked',
      'clock.met',
    ]);
    expect(events[5]!.data).toMatchObject({ reason: 'late_reply' });
    const asked = { from: null, to: null, target: '', pageSize: 1, pageToken: '' };
    expect((await under.clocks(agent).listBreaches({ ...asked, includeRevoked: false })).breaches).toEqual([]);
    const { breaches } = await under.clocks(agent).listBreaches({ ...asked, includeRevoked: true });
    expect(breaches).toMatchObject([{ ticketNumber: told.number, target: 'first_response', revokeReason: 'late_reply' }]);
    expect(iso(breaches[0]!.revokedAt)).toBe(berlin('2026-05-18 18:00').toISOString());
  });

  it('breach once, at the true instant, when nobody looked for hours (SLA-9)', async () => {
    const told = ticket();
    await told.opened('2026-05-18 10:00');
    await countOf(told, 2);
    under.clock.set(berlin('2026-05-19 23:00'));
    const events = await countOf(told, 4);
    expect(events.slice(2)).toMatchObject([
      { type: 'clock.warned', data: { occurredAt: '2026-05-18T15:00:00Z' } },
      { type: 'clock.breached', data: { occurredAt: '2026-05-19T08:00:00Z', recordedAt: '2026-05-19T21:00:00.000Z' } },
    ]);
  });

  it('follow a holiday that is added while they run; finished ones stay (SLA-11)', async () => {
    const [open, done] = [ticket(), ticket()];
    await open.opened('2026-05-18 15:00');
    await done.opened('2026-05-18 09:00');
    await done.reply('2026-05-18 09:30');
    await Promise.all([countOf(open, 2), countOf(done, 4)]);
    under.clock.set(berlin('2026-05-18 16:30'));
    const icalendar = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', 'BEGIN:VEVENT', 'UID:1', 'DTSTAMP:20260518T090000Z',
      'DTSTART;VALUE=DATE:20260519', 'DTEND;VALUE=DATE:20260520', 'SUMMARY:Company day', 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');
    const admin = under.calendars({ deskId: desk.id, roles: ['admin'] });
    const { calendar } = await admin.importExceptions({ requestId: newId(), calendarId: 'office', icalendar });
    expect(calendar).toMatchObject({ id: 'office', version: 2, holidays: [{ date: '2026-05-19', name: 'Company day' }] });
    const events = await countOf(open, 4);
    expect(events.slice(2)).toMatchObject([
      { type: 'clock.due_changed', data: { target: 'first_response', oldDueAt: '2026-05-19T13:00:00Z', newDueAt: '2026-05-20T13:00:00Z', reason: 'calendar_change', calendarVersion: 2 } },
      { type: 'clock.due_changed', data: { target: 'resolution', newDueAt: '2026-05-21T13:00:00Z' } },
    ]);
    expect(await clockOf(done, 'first_response')).toMatchObject({ state: ClockState.CLOCK_STATE_MET, calendarVersion: 1 });
    const explained = await under.clocks(agent).explainDeadline({ ticketId: open.number, target: 'first_response', cycle: 0 });
    expect(explained.intervals.map(({ kind, reason }) => `${kind} ${reason}`)).toContain('closed Company day');
    expect(explained.clock).toMatchObject({ calendarVersion: 2, usedSeconds: '5400' });
    expect(await admin.exportExceptions({ calendarId: 'office' })).toMatchObject({ icalendar: expect.stringContaining('Company day') });
    expect((await replay()).at(-1)).toMatchObject({ summary: { tickets: '2', differences: '0' } });
  });

  it('wait for their desk: a ticket that comes before its rules is not lost', async () => {
    const told = ticket({ deskId: 'late' });
    await told.opened('2026-05-18 09:00');
    await eventually('the fact', async () => (await factsOf(told)) === 1);
    await under.applyDesk(officeDesk({ id: 'late' }), 1);
    expect((await countOf(told, 2)).map(({ data }) => data['newDueAt'])).toEqual(['2026-05-18T15:00:00Z', '2026-05-19T15:00:00Z']);
  });

  it('say nothing of history that is moved in before all of it is there', async () => {
    const told = ticket();
    under.clock.set(berlin('2026-05-20 09:00'));
    await told.opened('2026-05-18 09:00', 3);
    await told.reply('2026-05-18 10:00');
    await eventually('two facts', async () => (await factsOf(told)) === 2);
    expect(await eventsOf(told)).toEqual([]);
    await told.moved('2026-05-18 11:00', 'solved');
    expect((await countOf(told, 2)).map(({ type }) => type)).toEqual(['clock.met', 'clock.met']);
  });

  it('move with a new policy version, and finish lifecycle timers once (SLA-4, SLA-13)', async () => {
    const told = ticket();
    await told.opened('2026-05-18 09:00');
    await countOf(told, 2);
    under.clock.set(berlin('2026-05-18 13:00'));
    const [line] = desk.sla.policies;
    const tight = { ...line!, targets: { ...line!.targets, resolution: { within: 'PT1H' } } };
    await under.applyDesk({ ...desk, sla: { ...desk.sla, policies: [tight] } }, 2);
    const events = await countOf(told, 4);
    expect(events.slice(2)).toMatchObject([
      { type: 'clock.due_changed', data: { newDueAt: '2026-05-18T11:00:00Z', reason: 'policy_change', policyVersion: 2 } },
      { type: 'clock.breached', data: { occurredAt: '2026-05-18T11:00:00Z', reason: 'policy_change' } },
    ]);
    await told.reply('2026-05-18 13:10');
    await told.moved('2026-05-18 13:10', 'pending');
    await countOf(told, 6);
    await under.startReplica();
    under.clock.set(berlin('2026-05-25 09:00'));
    const all = await countOf(told, 7);
    expect(all.at(-1)).toMatchObject({
      type: 'lifecycle.due',
      data: { ruleId: 'solve_when_silent', anchorSequence: '2', dueAt: '2026-05-21T11:10:00Z', moveTo: 'solved', notify: 'solved_when_silent' },
    });
    await told.note('2026-05-25 09:00');
    await eventually('the note', async () => (await factsOf(told)) === 4);
    under.clock.advance(60_000);
    expect(await countOf(told, 7)).toHaveLength(7);
  });

  it('are shown to those the ticket belongs to, and to nobody of another desk', async () => {
    const account = newId();
    const told = ticket({ accountId: account, organisationId: newId() });
    await told.opened('2026-05-18 09:00');
    await countOf(told, 2);
    expect(await clockOf(told, 'resolution', { deskId: desk.id, accountId: account })).toBeDefined();
    const notFound = { code: status.NOT_FOUND, reason: 'TICKET_NOT_FOUND' };
    const strangers: Partial<Caller>[] = [{ deskId: desk.id }, { deskId: 'webshop', roles: ['agent'] }, { deskId: 'webshop', roles: ['lead'] }];
    for (const stranger of strangers) {
      await expect(under.clocks(stranger).listClocks({ ticketId: told.id })).rejects.toMatchObject(notFound);
      const ask = { ticketId: told.id, target: 'resolution', cycle: 0 };
      await expect(under.clocks(stranger).explainDeadline(ask)).rejects.toMatchObject(notFound);
    }
  });

  it('differ from a replay where somebody tampered with them, and only there', async () => {
    const told = ticket();
    await told.opened('2026-05-18 09:00');
    await countOf(told, 2);
    await withClient(under.databaseUrl, (client) => client.query(`UPDATE clock SET due_at = due_at + interval '1 hour' WHERE ticket_id = $1 AND target = 'resolution'`, [told.id]));
    expect(await replay()).toMatchObject([
      { difference: { ticketId: told.id, field: 'dueAt', recorded: '2026-05-19T16:00:00Z', computed: '2026-05-19T15:00:00Z' } },
      { summary: { tickets: '1', clocks: '2', differences: '1' } },
    ]);
  });

  it('are counted by month, and response times by lane (SHP-6, SHP-10)', async () => {
    const told = [1, 2].map(() => ticket({ deskId: 'webshop', type: 'question', priority: '' }));
    for (const each of told) await each.opened('2026-05-18 10:00');
    await told[0]!.reply('2026-05-18 11:00');
    await told[1]!.reply('2026-05-19 00:30');
    under.clock.set(berlin('2026-05-19 12:00'));
    const shop = under.clocks({ deskId: 'webshop', roles: ['lead'] });
    const rows = await eventually('two verdicts', async () => {
      const answer = await shop.getCompliance({ from: null, to: null, target: 'cut_off' });
      return answer.rows[0]?.met === '1' && answer.rows[0].breached === '1' && answer.rows;
    });
    expect(rows).toMatchObject([{ month: '2026-05', running: '0', keptBasisPoints: 5000 }]);
    const anyone = under.service.client<ClockServiceClient>('priolane.sla.v1.ClockService', null);
    const { lanes } = await anyone.getResponseTimes({ deskId: 'webshop' });
    expect(lanes).toEqual([{ lane: 'normal', answered: '2', medianSeconds: '27900', p90Seconds: '47340' }]);
    await expect(anyone.getResponseTimes({ deskId: desk.id })).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
  });

  it('can be tried with another desk file, which writes nothing', async () => {
    const told = ticket();
    await told.opened('2026-05-18 09:00');
    await countOf(told, 2);
    under.clock.set(berlin('2026-05-18 13:00'));
    const [line] = desk.sla.policies;
    const targets = { ...line!.targets, firstResponse: { within: 'PT1H' }, resolution: { within: 'PT10H' } };
    const source = JSON.stringify({ ...desk, sla: { ...desk.sla, policies: [{ ...line, targets }] } });
    const rowsOf = () => withClient(under.databaseUrl, async (client) => (await client.query('SELECT c::text, t::text FROM clock c JOIN sla_ticket t USING (ticket_id) WHERE ticket_id = $1 ORDER BY 1', [told.id])).rows);
    const before = await rowsOf();
    const results = [];
    for await (const result of under.policies(lead).simulatePolicy({ source, at: null, includeUnchanged: false })) results.push(result);
    expect(results).toMatchObject([
      { ticketNumber: told.number, target: 'first_response', outcome: 'breaches', newDueAt: toTimestamp(berlin('2026-05-18 13:00')) },
      { target: 'resolution', outcome: 'moved', newDueAt: toTimestamp(berlin('2026-05-19 11:00')) },
    ]);
    expect(await rowsOf()).toEqual(before);
    expect((await eventsOf(told))).toHaveLength(2);
  });
});

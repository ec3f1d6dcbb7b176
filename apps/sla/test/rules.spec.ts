import { status } from '@grpc/grpc-js';
import type { ComputeBusinessTimeRequest } from '#contracts/generated/priolane/sla/v1/calendar.js';
import type { Timestamp } from '#contracts/generated/google/protobuf/timestamp.js';
import { fromTimestamp, toTimestamp } from '#platform/grpc/timestamps.js';
import { deskFile } from '#testing/neighbours.js';
import { berlin, officeDesk, type SlaUnderTest, startSla } from './service.js';

const iso = (at: Timestamp | null | undefined) => at && fromTimestamp(at).toISOString();

describe('calendars and policies', () => {
  let under: SlaUnderTest;

  beforeAll(async () => {
    under = await startSla([officeDesk(), deskFile('webshop')]);
  });

  afterAll(() => under?.stop());

  const compute = (parts: Partial<ComputeBusinessTimeRequest>) =>
    under.calendars({ deskId: 'office' }).computeBusinessTime({ start: toTimestamp(berlin('2026-05-22 16:00')), ...parts });

  it('answer with open time of a calendar of the desk or of one that is given', async () => {
    expect(iso((await compute({ calendarId: 'office', addSeconds: '28800' })).dueAt)).toBe('2026-05-25T14:00:00.000Z');
    const definition = JSON.stringify({ tz: 'Europe/Berlin', weekly: { sat: [['10:00', '12:00']] } });
    expect(iso((await compute({ definition, addSeconds: '3600' })).dueAt)).toBe('2026-05-23T09:00:00.000Z');
    const counted = await compute({ definition, until: toTimestamp(berlin('2026-05-31 00:00')) });
    expect(counted).toMatchObject({ openSeconds: '14400', timeZoneDataVersion: expect.stringMatching(/\d/) });
  });

  it('name every fault of a given calendar', async () => {
    const definition = JSON.stringify({ tz: 'Europe/Nowhere', weekly: { mon: [['9', '17:00']], tday: [] } });
    const refused = await compute({ definition, addSeconds: '1' }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: status.INVALID_ARGUMENT, reason: 'CALENDAR_INVALID' });
    const { violations } = refused as { violations: { field: string }[] };
    expect(violations.map(({ field }) => field)).toEqual(['definition.tz', 'definition.weekly.tday', 'definition.weekly.mon[0][0]']);
    await expect(compute({ definition: '{', addSeconds: '1' })).rejects.toMatchObject({ reason: 'CALENDAR_INVALID' });
    await expect(compute({ start: null })).rejects.toMatchObject({ code: status.INVALID_ARGUMENT, violations: { length: 3 } });
  });

  it('fill in holidays with their source, and keep to the desk', async () => {
    const shop = under.calendars({ deskId: 'webshop' });
    const { calendar } = await shop.getCalendar({ calendarId: 'normal', version: 0 });
    expect(calendar).toMatchObject({ version: 1, holidaySource: expect.stringMatching(/^date-holidays@\d/) });
    expect(calendar!.holidays).toContainEqual({ date: '2026-12-25', name: expect.any(String) });
    expect(JSON.parse(calendar!.definition)).toMatchObject({ exceptions: { '2026-12-25': [] } });
    expect((await shop.listCalendars({})).calendars.map(({ id }) => id)).toEqual(['business_days', 'normal', 'priority']);
    const elsewhere = under.calendars({ deskId: 'office' }).getCalendar({ calendarId: 'normal', version: 0 });
    await expect(elsewhere).rejects.toMatchObject({ code: status.NOT_FOUND, reason: 'CALENDAR_NOT_FOUND' });
  });

  it('foretell the due times of a ticket that does not exist yet, and say what is not promised', async () => {
    const ask = { packageId: '', type: '', priority: '', channel: '', lane: '', department: '', openedAt: toTimestamp(berlin('2026-05-19 15:30')) };
    const { clocks, notPromised } = await under.clocks({ deskId: 'webshop' }).previewDeadline({ ...ask, type: deskFile('webshop').ticketTypes[0]!.id });
    const cutOff = clocks.find(({ target }) => target === 'cut_off');
    expect(iso(cutOff!.dueAt)).toBe('2026-05-19T22:00:00.000Z');
    expect(notPromised).toEqual(['periodic_update', 'resolution']);
    const wrong = under.clocks({ deskId: 'office' }).previewDeadline({ ...ask, priority: 'soon', lane: 'fast' });
    await expect(wrong).rejects.toMatchObject({ violations: [{ field: 'priority' }, { field: 'lane' }] });
  });

  it('are listed in order and checked, also before a file is applied', async () => {
    const agent = under.policies({ deskId: 'office', roles: ['agent'] });
    expect((await agent.listPolicies({})).lines).toMatchObject([{ id: 'all', version: 1, calendarId: 'office' }]);
    expect(await agent.checkPolicies({ source: '' })).toEqual({ unreachableLines: [], uncovered: [] });
    const desk = officeDesk();
    const [line] = desk.sla.policies;
    const source = JSON.stringify({ ...desk, sla: { ...desk.sla, policies: [line, { ...line, id: 'hidden' }] } });
    expect(await agent.checkPolicies({ source })).toMatchObject({ unreachableLines: ['hidden'] });
    const departments = [{ id: 'technical', label: { en: 'Technical' } }, { id: 'financial', label: { en: 'Financial' } }];
    const policies = [{ ...line!, match: { departments: ['technical'] } }];
    const byDepartment = JSON.stringify({ ...desk, departments, sla: { ...desk.sla, policies } });
    const { uncovered } = await agent.checkPolicies({ source: byDepartment });
    expect(uncovered).toMatchObject([{ department: 'financial', targets: { length: 5 } }]);
    await expect(agent.checkPolicies({ source: 'format: 2' })).rejects.toMatchObject({ code: status.INVALID_ARGUMENT, reason: 'DESK_INVALID' });
    const other = under.policies({ deskId: 'webshop', roles: ['lead'] }).simulatePolicy({ source, at: null, includeUnchanged: true });
    await expect(other[Symbol.asyncIterator]().next()).rejects.toMatchObject({ violations: [{ field: 'source' }] });
  });
});

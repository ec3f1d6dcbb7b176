import { status } from '@grpc/grpc-js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { fromTimestamp, toTimestamp } from '#platform/grpc/timestamps.js';
import { withClient } from '#testing/infrastructure/databases.js';
import { eventually } from '#testing/neighbours.js';
import { berlin, officeDesk, type SlaUnderTest, startSla } from './service.js';
import { ToldTicket } from './told-ticket.js';

const lead = { deskId: 'office', roles: ['lead'] } as const;

describe('public holidays of a desk that runs for years', () => {
  let under: SlaUnderTest;

  beforeEach(async () => {
    const plain = officeDesk();
    const office = { ...plain.calendars['office']!, holidays: { country: 'DE', region: 'BE' } };
    under = await startSla([{ ...plain, calendars: { office } } satisfies DeskDocument]);
  });

  afterEach(() => under?.stop());

  const calendar = async () => (await under.calendars(lead).getCalendar({ calendarId: 'office', version: 0 })).calendar!;
  const added = () =>
    withClient(under.databaseUrl, async (client) => {
      const { rows } = await client.query('SELECT first_year AS first, last_year AS last, version FROM calendar_years ORDER BY 1');
      return rows as { first: number; last: number; version: number }[];
    });
  const coveredTo = (year: number) =>
    eventually(`holidays up to ${year}`, async () => (await calendar()).holidaysTo! >= year);
  const dueOf = async (told: ToldTicket) => {
    const clocks = await eventually('its clocks', async () => {
      const answer = await under.clocks(lead).listClocks({ ticketId: told.id }).catch(() => undefined);
      return answer !== undefined && answer.clocks.length > 0 && answer.clocks;
    });
    return fromTimestamp(clocks.find(({ target }) => target === 'first_response')!.dueAt!).toISOString();
  };
  const replayed = async () => {
    const results = [];
    for await (const result of under.clocks(lead).replayClocks({ ticketId: '' })) results.push(result);
    return results;
  };

  it('are added in time, once although two replicas look, and touch no ticket', async () => {
    expect(await calendar()).toMatchObject({ version: 1, holidaysFrom: 2024, holidaysTo: 2036 });
    const told = new ToldTicket(under.neighbours);
    await told.opened('2026-05-18 09:00');
    await dueOf(told);
    await told.moved('2026-05-18 10:00', 'pending');
    await eventually('the pause', async () => (await under.neighbours.heard('sla', told.id)).length === 4);
    await under.startReplica();
    under.clock.set(berlin('2033-01-10 09:00'));
    await coveredTo(2043);
    // The second replica looks at the same time as the first; a further year makes both look once more.
    under.clock.set(berlin('2034-01-10 09:00'));
    const another = new ToldTicket(under.neighbours);
    await another.opened('2034-01-10 09:00');
    expect(await dueOf(another)).toBe('2034-01-10T16:00:00.000Z');
    expect(await added()).toEqual([{ first: 2037, last: 2043, version: 1 }]);
    expect((await calendar()).holidays).toContainEqual({ date: '2043-12-25', name: '1. Weihnachtstag' });

    const heard = await under.neighbours.heard('sla', told.id);
    expect(heard.filter(({ type }) => type.startsWith('clock.'))).toHaveLength(4);
    expect((await under.clocks(lead).listClocks({ ticketId: told.id })).clocks).toMatchObject([{ calendarVersion: 1 }, { calendarVersion: 1 }]);
    expect(await replayed()).toMatchObject([{ summary: { tickets: '2', differences: '0' } }]);
  });

  it('are there for a ticket that comes when the clock has jumped past all of them, and for history from before them', async () => {
    under.clock.set(berlin('2060-12-23 16:00'));
    const told = new ToldTicket(under.neighbours);
    await told.opened('2060-12-23 16:00');
    // Thu 23 Dec 2060 15:00 to 17:00, Friday 24th 09:00 to 15:00; the 25th and the 26th are a weekend.
    expect(await dueOf(told)).toBe('2060-12-24T14:00:00.000Z');
    const old = new ToldTicket(under.neighbours);
    await old.opened('2001-12-24 16:30', 2);
    await old.reply('2001-12-27 15:00');
    // Mon 24 Dec 2001 15:30 to 17:00, Thu 27th 09:00 to 15:30: the 25th and the 26th are holidays.
    expect(await dueOf(old)).toBe('2001-12-27T14:30:00.000Z');
    expect(await calendar()).toMatchObject({ version: 1, holidaysFrom: 2001 });
    expect(await replayed()).toMatchObject([{ summary: { tickets: '2', differences: '0' } }]);
  });

  it('are refused by name where they are not known, and never taken for working days', async () => {
    const ask = (start: string, hours: number) =>
      under.calendars(lead).computeBusinessTime({
        calendarId: 'office',
        start: toTimestamp(new Date(start)),
        addSeconds: String(hours * 3600),
      });
    await expect(ask('2026-05-18T07:00:00Z', 30_000)).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      reason: 'HOLIDAYS_NOT_COVERED',
    });
    const { dueAt } = await ask('2026-05-18T07:00:00Z', 15_000);
    expect(fromTimestamp(dueAt!).getUTCFullYear()).toBe(2033);
    const traits = { packageId: '', type: '', priority: '', channel: '', lane: '', department: '' };
    const preview = under.clocks(lead).previewDeadline({ ...traits, openedAt: toTimestamp(new Date('2090-01-10T09:00:00Z')) });
    await expect(preview).rejects.toMatchObject({ reason: 'HOLIDAYS_NOT_COVERED' });
  });

  it('reach as far as the longest target does', async () => {
    const plain = officeDesk();
    const [line] = plain.sla.policies;
    const tenYears = { ...line!, targets: { ...line!.targets, resolution: { within: 'PT20000H' } } };
    const office = { ...plain.calendars['office']!, holidays: { country: 'DE', region: 'BE' } };
    await under.applyDesk({ ...plain, calendars: { office }, sla: { ...plain.sla, policies: [tenYears] } }, 2);
    await coveredTo(2041);
    expect(await calendar()).toMatchObject({ version: 1 });
    const told = new ToldTicket(under.neighbours);
    await told.opened('2026-05-18 09:00');
    await dueOf(told);
    const { clocks } = await under.clocks(lead).listClocks({ ticketId: told.id });
    const explained = await under.clocks(lead).explainDeadline({ ticketId: told.id, target: 'resolution', cycle: 0 });
    expect(explained.clock!.dueAt).toEqual(clocks.find(({ target }) => target === 'resolution')!.dueAt);
    expect(explained.intervals.filter(({ reason }) => reason === '1. Weihnachtstag').length).toBeGreaterThanOrEqual(6);
  });
});

import { compileCalendar } from '#kernel/business-time/calendar.js';
import type { CalendarSpec, PolicyLine } from '#kernel/desk/timing.js';
import { at, clockOf, compute, HOUR, timeline, Told, weekdays } from '../../test/domain/fixtures.js';
import { addCovered, cutOffCovered, HolidaysNotCovered, openCovered } from './covered-time.js';
import { compileCutOff } from './cut-off.js';
import {
  coveredCalendar,
  type CoveredCalendar,
  coveredSpan,
  extended,
  longestTarget,
  type Need,
  yearsAhead,
  yearsTowards,
} from './holiday-years.js';
import type { CalendarVersion } from './policy-timeline.js';

const BERLIN: CalendarSpec = { ...weekdays('09:00', '17:00'), holidays: { country: 'DE', region: 'BE' } };
const NOTHING = { exceptions: {}, names: {} };
const YEAR_OF_OPEN_TIME = 250 * 8 * HOUR;

const need = (when: string, longest = 8 * HOUR): Need => ({ at: at(when), longest });
const versionOf = (calendar: CoveredCalendar): CalendarVersion => ({
  id: 'office',
  version: 1,
  calendar: compileCalendar(calendar.definition),
  holidays: new Map(Object.entries(calendar.holidays)),
  covered: coveredSpan(calendar),
});

/** What it was asked for, where it refused. */
function refusedYear(ask: () => unknown): number | undefined {
  try {
    ask();
  } catch (error) {
    if (error instanceof HolidaysNotCovered) return error.year;
    throw error;
  }
  return undefined;
}

describe('public holidays through the years', () => {
  const filled = coveredCalendar(BERLIN, NOTHING, need('2026-05-18 09:00'));
  const office = versionOf(filled);

  test('are filled in from two years back to ten years ahead of what is due latest', () => {
    expect(filled).toMatchObject({ coversFrom: 2024, coversTo: 2036 });
    expect(filled.holidays).toMatchObject({ '2024-12-25': '1. Weihnachtstag', '2036-12-25': '1. Weihnachtstag' });
    const tenYears = coveredCalendar(BERLIN, NOTHING, need('2026-05-18 09:00', 10 * YEAR_OF_OPEN_TIME));
    expect(tenYears.coversTo).toBeGreaterThanOrEqual(2036 + 5);
    expect(coveredCalendar(BERLIN, NOTHING, need('2026-05-18 09:00'), 2011).coversFrom).toBe(2011);
  });

  test('are added while five years are still to come, and the longest target counts', () => {
    expect(yearsAhead(BERLIN, filled, need('2031-12-30 09:00'))).toBeUndefined();
    expect(yearsAhead(BERLIN, filled, need('2032-01-02 09:00'))).toMatchObject({ firstYear: 2037, lastYear: 2042 });
    expect(yearsAhead(BERLIN, filled, need('2027-01-04 09:00', 10 * YEAR_OF_OPEN_TIME))).toMatchObject({ firstYear: 2037 });
    const lines = [
      { id: 'a', calendar: 'office', targets: { firstResponse: { within: 'PT4H' }, resolution: { within: 'P30D' } } },
      { id: 'b', calendar: 'office', targets: { cutOff: { at: '16:00', businessDays: 'office', dueAt: '17:00' }, resolution: 'NONE' } },
      { id: 'c', calendar: 'always', targets: { resolution: { within: 'P90D' } } },
    ] satisfies PolicyLine[];
    expect([longestTarget(lines, 'office'), longestTarget(lines, 'other')]).toEqual([30 * 24 * HOUR, 0]);
  });

  test('a calendar without public holidays covers all years', () => {
    const plain = coveredCalendar(weekdays('09:00', '17:00'), NOTHING, need('2026-05-18 09:00', 100 * YEAR_OF_OPEN_TIME));
    expect(addCovered(versionOf(plain), at('2026-05-18 09:00'), 100 * YEAR_OF_OPEN_TIME)).toBeGreaterThan(at('2120-01-01 00:00'));
    expect(yearsAhead(weekdays('09:00', '17:00'), plain, need('2190-01-01 09:00'))).toBeUndefined();
  });

  test('what would reach past them is refused, with the year that is missing: never counted as if there were none', () => {
    const start = at('2026-05-18 09:00');
    expect(refusedYear(() => addCovered(office, start, 10 * YEAR_OF_OPEN_TIME))).toBeUndefined();
    expect(refusedYear(() => addCovered(office, start, 11 * YEAR_OF_OPEN_TIME))).toBe(2037);
    expect(refusedYear(() => openCovered(office, start, at('2040-01-01 00:00Z')))).toBe(2040);
    expect(refusedYear(() => openCovered(office, at('2019-06-01 00:00'), start))).toBe(2019);
    const cutOff = { at: '16:00', businessDays: 'office', dueAt: '17:00' };
    const promise = { kind: 'cut_off', businessDays: office, cutOff: compileCutOff(cutOff, filled.definition), alarms: [] } as const;
    expect(refusedYear(() => cutOffCovered(promise, at('2036-12-30 15:00Z')))).toBe(2037);
    expect(() => addCovered(office, at('2037-01-02 09:00'), 60)).toThrow(
      expect.objectContaining({ kind: 'INVALID', reason: 'HOLIDAYS_NOT_COVERED', metadata: expect.objectContaining({ year: '2037' }) }),
    );
  });

  test('added years change nothing that could be computed without them', () => {
    const towards = (calendar: CoveredCalendar, year: number) => extended(calendar, yearsTowards(BERLIN, calendar, year)!);
    const more = versionOf(towards(towards(filled, 2050), 2001));
    expect(more.covered).toMatchObject({ coversFrom: 2001, coversTo: 2050 });
    for (const hours of [1, 100, 5_000, 15_000, 20_000]) {
      const due = addCovered(office, at('2026-05-18 09:00'), hours * HOUR);
      expect(addCovered(more, at('2026-05-18 09:00'), hours * HOUR)).toBe(due);
    }
    expect(openCovered(more, at('2036-12-24 00:00Z'), at('2036-12-27 00:00Z'))).toBe(8 * HOUR);
    expect(openCovered(more, at('2044-12-22 00:00Z'), at('2044-12-31 00:00Z'))).toBe(6 * 8 * HOUR);
    expect(yearsTowards(BERLIN, filled, 2030)).toBeUndefined();
    expect(filled.holidaySource).toBe(towards(filled, 2050).holidaySource);
  });

  test('the desk’s own exception of a later year stands when its holidays are added', () => {
    const spec: CalendarSpec = { ...BERLIN, exceptions: { '2040-12-25': [['10:00', '12:00']] } };
    const calendar = coveredCalendar(spec, NOTHING, need('2026-05-18 09:00'));
    const added = extended(calendar, yearsTowards(spec, calendar, 2040)!);
    expect(added.definition.exceptions).toMatchObject({ '2040-12-25': [['10:00', '12:00']], '2040-12-26': [] });
  });

  test('end where their source ends to know them all', () => {
    expect(yearsTowards(BERLIN, filled, 2090)).toMatchObject({ firstYear: 2037, lastYear: 2075 });
    const last = extended(filled, yearsTowards(BERLIN, filled, 2090)!);
    expect(yearsTowards(BERLIN, last, 2090)).toBeUndefined();
    expect(yearsAhead(BERLIN, last, need('2075-06-01 09:00'))).toBeUndefined();
  });

  test('a ticket’s clocks refuse as well', () => {
    const rules = timeline({
      calendars: [office],
      policies: [{ id: 'all', calendar: 'office', targets: { resolution: { within: 'PT8H' } } }],
    });
    const told = Told.opened('2026-05-18 09:00');
    expect(clockOf(compute(told, rules, '2026-05-18 09:00'), 'resolution').dueAt).toBe(at('2026-05-18 17:00'));
    expect(refusedYear(() => compute(Told.opened('2019-05-20 09:00'), rules, '2026-05-18 09:00'))).toBe(2019);
    expect(refusedYear(() => compute(told, rules, '2041-05-18 09:00'))).toBe(2041);
  });
});

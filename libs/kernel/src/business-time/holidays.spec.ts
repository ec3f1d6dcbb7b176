import { createRequire } from 'node:module';
import { DomainError } from '../errors.js';
import { compileCalendar } from './calendar.js';
import { holidayExceptions, type HolidayChoice } from './holidays.js';
import { addOpenTime } from './open-time.js';

function inRegion(region: string): Readonly<Record<string, string>> {
  return holidayExceptions({ country: 'DE', region }, 2026, 2026).dates;
}

function faultsOf(choice: HolidayChoice, fromYear: number, toYear: number): string[] {
  try {
    holidayExceptions(choice, fromYear, toYear);
  } catch (error) {
    if (error instanceof DomainError) return error.violations.map(({ field }) => field);
    throw error;
  }
  return [];
}

describe('public holidays', () => {
  it('come by country, with source and version', () => {
    const { dates, source, version } = holidayExceptions({ country: 'DE' }, 2026, 2026);
    expect(dates).toEqual({
      '2026-01-01': 'Neujahr',
      '2026-04-03': 'Karfreitag',
      '2026-04-06': 'Ostermontag',
      '2026-05-01': 'Maifeiertag',
      '2026-05-14': 'Christi Himmelfahrt',
      '2026-05-25': 'Pfingstmontag',
      '2026-10-03': 'Tag der Deutschen Einheit',
      '2026-12-25': '1. Weihnachtstag',
      '2026-12-26': '2. Weihnachtstag',
    });
    const installed = createRequire(import.meta.url)('date-holidays/package.json') as { version: string };
    expect({ source, version }).toEqual({ source: 'date-holidays', version: installed.version });
  });

  it('come by region, and by a part of one', () => {
    expect(inRegion('BY')['2026-06-04']).toBe('Fronleichnam');
    expect(inRegion('BE')['2026-06-04']).toBeUndefined();
    expect(inRegion('BY')['2026-08-08']).toBeUndefined();
    expect(inRegion('BY-A')['2026-08-08']).toBe('Augsburger Friedensfest');
  });

  it("takes the desk's own dates in and the days it works out", () => {
    const choice: HolidayChoice = { country: 'DE', add: ['2026-12-31', '2027-12-31'], remove: ['2026-10-03'] };
    const { dates } = holidayExceptions(choice, 2026, 2026);
    expect(dates['2026-12-31']).toBe('Closed');
    expect(dates['2026-10-03']).toBeUndefined();
    expect(dates['2027-12-31']).toBeUndefined();
    expect(Object.keys(dates)).toEqual(Object.keys(dates).sort());
  });

  it('counts each day of a long holiday, also over New Year, and two names of one date', () => {
    const { dates } = holidayExceptions({ country: 'SZ' }, 2026, 2026);
    expect(dates['2026-01-01']).toBe("Incwala / New Year's Day");
    expect(Object.keys(dates).slice(-4)).toEqual(['2026-12-28', '2026-12-29', '2026-12-30', '2026-12-31']);
    const turkish = holidayExceptions({ country: 'TR', language: 'en' }, 2026, 2026).dates;
    expect(Object.keys(turkish).filter((date) => date.startsWith('2026-03'))).toEqual([
      '2026-03-20',
      '2026-03-21',
      '2026-03-22',
    ]);
  });

  it('leaves holidays of a part of a day to the desk', () => {
    const { dates, partial } = holidayExceptions({ country: 'IS' }, 2026, 2026);
    expect(partial).toEqual({ '2026-12-24': 'Aðfangadagur', '2026-12-31': 'Gamlársdagur' });
    expect(dates['2026-12-24']).toBeUndefined();
  });

  it('takes other kinds when asked to', () => {
    const { dates, partial } = holidayExceptions({ country: 'DE', types: ['bank', 'observance'] }, 2026, 2026);
    expect(partial['2026-12-24']).toBe('Heiliger Abend');
    expect(dates['2026-11-29']).toBe('1. Advent');
    expect(dates['2026-12-25']).toBeUndefined();
  });

  it('close the dates of a calendar', () => {
    const { dates } = holidayExceptions({ country: 'DE' }, 2026, 2026);
    const weekly = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [['09:00', '17:00']]]));
    const exceptions = Object.fromEntries(Object.keys(dates).map((date) => [date, []]));
    const calendar = compileCalendar({ tz: 'Europe/Berlin', weekly, exceptions });
    const start = Date.parse('2026-05-22T16:00+02:00') / 1000;
    expect(addOpenTime(calendar, start, 8 * 3600)).toBe(Date.parse('2026-05-26T16:00+02:00') / 1000);
  });

  it('names every fault at once', () => {
    expect(faultsOf({ country: 'DE', region: 'ZZ', add: ['2026-02-30'], remove: ['x'] }, 2027, 2026)).toEqual([
      'add[0]',
      'remove[0]',
      'years',
      'region',
    ]);
    expect(faultsOf({ country: 'Germany' }, 2026, 2026)).toEqual(['country']);
    expect(faultsOf({ country: 'DE', region: 'BY-ZZ' }, 2026, 2026)).toEqual(['region']);
    expect(faultsOf({ country: 'DE', region: 'BY-A-B' }, 2026, 2026)).toEqual(['region']);
  });
});

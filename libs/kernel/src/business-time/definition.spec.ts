import { DomainError } from '../errors.js';
import { compileCalendar } from './calendar.js';
import type { CalendarDefinition } from './definition.js';

function faultsOf(definition: unknown): [field: string, description: string][] {
  try {
    compileCalendar(definition as CalendarDefinition);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect(error).toMatchObject({ kind: 'INVALID', reason: 'INVALID_CALENDAR' });
    return error.violations.map(({ field, description }) => [field, description]);
  }
  return [];
}

describe('a calendar definition', () => {
  it('names every fault at once, with its path', () => {
    const faults = faultsOf({
      tz: 'Europe/Atlantis',
      weekly: { mon: [['09:00', '25:00'], ['9:00']], monday: [], tue: '09-17', wed: [['24:00', '06:00']] },
      exceptions: { '2026-02-30': [], '25.12.2026': [], '2200-01-01': [], '2026-05-25': [['09:60', 900]] },
    });
    expect(faults).toEqual([
      ['tz', 'unknown time zone "Europe/Atlantis"'],
      ['weekly.monday', 'not a weekday; these are: mon, tue, wed, thu, fri, sat, sun'],
      ['weekly.mon[0][1]', '"25:00" is not a time from 00:00 to 24:00'],
      ['weekly.mon[1]', 'must be [open, close]'],
      ['weekly.tue', 'must be a list of [open, close]'],
      ['weekly.wed[0][0]', 'a window that opens at 24:00 is one of the next date at 00:00'],
      ['exceptions.2026-02-30', 'not a date of the form YYYY-MM-DD'],
      ['exceptions.25.12.2026', 'not a date of the form YYYY-MM-DD'],
      ['exceptions.2200-01-01', 'calendars run from 1900 to 2199'],
      ['exceptions.2026-05-25[0][0]', '"09:60" is not a time from 00:00 to 24:00'],
      ['exceptions.2026-05-25[0][1]', '900 is not a time from 00:00 to 24:00'],
    ]);
  });

  it.each([
    ['nothing weekly, no exceptions', { tz: 'UTC', weekly: {} }],
    ['closed dates only', { tz: 'UTC', weekly: { mon: [] }, exceptions: { '2026-05-25': [] } }],
    [
      'its only window in an hour that does not exist',
      { tz: 'Europe/Berlin', weekly: {}, exceptions: { '2026-03-29': [['02:00', '03:00']] } },
    ],
    [
      'its only date one that does not exist',
      { tz: 'Pacific/Apia', weekly: {}, exceptions: { '2011-12-30': [['09:00', '17:00']] } },
    ],
  ])('refuses a calendar without any open time: %s', (_, definition) => {
    expect(faultsOf(definition)).toEqual([['weekly', 'the calendar has no open time at all']]);
  });

  it.each([
    ['weekly', { tz: 'UTC', weekly: [] }, 'must give windows by weekday'],
    ['exceptions', { tz: 'UTC', weekly: { mon: [['09:00', '17:00']] }, exceptions: [] }, 'must give windows by date'],
    ['tz', { tz: '+02:00', weekly: { mon: [['09:00', '17:00']] } }, 'unknown time zone "+02:00"'],
  ])('refuses a wrong %s', (field, definition, description) => {
    expect(faultsOf(definition)).toEqual([[field, description]]);
  });

  it.each(['UTC', 'Asia/Kathmandu', 'Asia/Katmandu', 'Etc/GMT+5', 'europe/berlin'])('takes the zone %s', (tz) => {
    expect(faultsOf({ tz, weekly: { sun: [['23:59', '00:00']] } })).toEqual([]);
  });
});

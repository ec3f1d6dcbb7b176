import fc from 'fast-check';
import { DomainError } from '../errors.js';
import type { CalendarDefinition, WindowDefinition } from './definition.js';
import { exportExceptions } from './ical-export.js';
import { importExceptions } from './ical-import.js';

const stampedAt = new Date('2026-05-01T08:00:00Z');

function file(...events: string[][]): string {
  const lines = events.flatMap((event) => ['BEGIN:VEVENT', ...event, 'END:VEVENT']);
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:test', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}

function faultsOf(text: string, tz = 'Europe/Berlin'): [field: string, description: string][] {
  try {
    importExceptions(text, tz);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect(error).toMatchObject({ kind: 'INVALID', reason: 'INVALID_ICALENDAR' });
    return error.violations.map(({ field, description }) => [field, description]);
  }
  return [];
}

describe('iCalendar import', () => {
  it('all-day events close their dates, events with times are the windows of theirs', () => {
    const text = file(
      ['DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261227', 'SUMMARY:Christmas'],
      ['DTSTART;VALUE=DATE:20260501'],
      ['DTSTART;VALUE=DATE:20260502', 'DURATION:P2D'],
      ['DTSTART;TZID=Europe/Berlin:20261231T130000', 'DTEND;TZID=Europe/Berlin:20261231T150000', 'SUMMARY:Short day'],
      ['DTSTART:20261231T090000', 'DTEND:20261231T120000'],
      ['DTSTART:20260620T220000', 'DTEND:20260621T060000'],
      ['DTSTART:20260622T080000Z', 'DTEND:20260622T100000Z'],
      ['DTSTART;TZID=America/New_York:20260623T180000', 'DTEND;TZID=America/New_York:20260623T200000'],
      ['DTSTART:20260329T010000', 'DURATION:PT4H'],
      ['DTSTART;VALUE=DATE:20260101', 'STATUS:CANCELLED'],
    );
    expect(importExceptions(text, 'Europe/Berlin')).toEqual({
      exceptions: {
        '2026-03-29': [['01:00', '06:00']],
        '2026-05-01': [],
        '2026-05-02': [],
        '2026-05-03': [],
        '2026-06-20': [['22:00', '06:00']],
        '2026-06-22': [['10:00', '12:00']],
        '2026-06-24': [['00:00', '02:00']],
        '2026-12-24': [],
        '2026-12-25': [],
        '2026-12-26': [],
        '2026-12-31': [
          ['09:00', '12:00'],
          ['13:00', '15:00'],
        ],
      },
      names: {
        '2026-12-24': 'Christmas',
        '2026-12-25': 'Christmas',
        '2026-12-26': 'Christmas',
        '2026-12-31': 'Short day',
      },
    });
  });

  it('names every fault of a file at once', () => {
    const text = file(
      ['DTSTART;VALUE=DATE:20260230'],
      ['SUMMARY:No start'],
      ['DTSTART:20260501T090000', 'DTEND:20260501T090030'],
      ['DTSTART:20260501T090000'],
      ['DTSTART:20260501T090000', 'DTEND:20260501T080000'],
      ['DTSTART:20260501T090000', 'DTEND:20260502T090100'],
      ['DTSTART:20260501T090000', 'DURATION:soon'],
      ['DTSTART;VALUE=DATE:20260501', 'DTEND:20260502T090000'],
      ['DTSTART;VALUE=DATE:20260501', 'DURATION:PT3H'],
      ['DTSTART;VALUE=DATE:20260501', 'RRULE:FREQ=YEARLY'],
      ['DTSTART;TZID=Office:20260503T090000', 'DTEND;TZID=Office:20260503T100000'],
      ['DTSTART;VALUE=DATE:20260101', 'DTEND;VALUE=DATE:20990101'],
      ['DTSTART;VALUE=DATE:20260601'],
      ['DTSTART:20260601T090000', 'DTEND:20260601T100000'],
    );
    expect(faultsOf(text)).toEqual([
      ['events[0].dtstart', '"2026-02-30" is not a date or time from 1900 to 2199'],
      ['events[1].dtstart', 'is missing'],
      ['events[2].dtend', 'windows open and close on a full minute'],
      ['events[3].dtend', 'is missing, and so is a duration'],
      ['events[4].dtend', 'must be after dtstart'],
      ['events[5]', 'a window is at most 24 hours long'],
      ['events[6].duration', 'is not a duration such as PT3H'],
      ['events[7].dtend', 'must be a date where dtstart is one, and a time where it is a time'],
      ['events[8].duration', 'must be whole days, such as P2D'],
      ['events[9].rrule', 'repeating events are not read: give each date an event of its own'],
      ['events[10].dtstart', 'the time zone "Office" is not an IANA name'],
      ['events[10].dtend', 'the time zone "Office" is not an IANA name'],
      ['events[11]', 'an all-day event of 26663 days; the longest taken is 3660'],
      ['2026-06-01', 'closed all day by one event and opened by another'],
    ]);
  });

  it.each([
    ['lines that are no properties', 'BEGIN:VCALENDAR\nhello\nEND:VCALENDAR\nworld\n', ['line 2', 'line 4']],
    ['an empty file', '', ['file']],
    ['a file of something else', 'BEGIN:VCARD\r\nEND:VCARD\r\n', ['file']],
    ['an event that does not end', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n', ['file']],
  ])('refuses %s', (_, text, fields) => {
    expect(faultsOf(text).map(([field]) => field)).toEqual(fields);
  });
});

describe('iCalendar export', () => {
  const definition: CalendarDefinition = {
    tz: 'Europe/Berlin',
    weekly: { mon: [['09:00', '17:00']] },
    exceptions: { '2026-12-25': [], '2026-12-24': [['09:00', '12:00']] },
  };

  it('writes events with stable ids and the zone they are in', () => {
    const text = exportExceptions(definition, { stampedAt, names: { '2026-12-25': 'Christmas Day' } });
    const lines = text.split('\r\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'BEGIN:VTIMEZONE',
        'TZID:Europe/Berlin',
        'DTSTART:20261025T030000',
        'TZOFFSETFROM:+0200',
        'TZOFFSETTO:+0100',
        'UID:2026-12-24-open-1@priolane',
        'DTSTAMP:20260501T080000Z',
        'SUMMARY:Open',
        'DTSTART;TZID=Europe/Berlin:20261224T090000',
        'DTEND;TZID=Europe/Berlin:20261224T120000',
        'UID:2026-12-25-closed@priolane',
        'SUMMARY:Christmas Day',
        'DTSTART;VALUE=DATE:20261225',
        'DTEND;VALUE=DATE:20261226',
      ]),
    );
    expect(exportExceptions(definition, { stampedAt, names: { '2026-12-25': 'Christmas Day' } })).toBe(text);
    expect(importExceptions(text, 'Europe/Berlin').names).toEqual({
      '2026-12-24': 'Open',
      '2026-12-25': 'Christmas Day',
    });
  });

  it('comes back the same, whatever the exceptions', () => {
    const time = fc.integer({ min: 0, max: 1439 }).map((m) => {
      return `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`;
    });
    const close = fc.oneof(
      time.filter((text) => text !== '00:00'),
      fc.constant('24:00'),
    );
    const windows = fc.uniqueArray(fc.tuple(time, close), { maxLength: 3, selector: ([open]) => open });
    const date = fc.date({ min: new Date('1975-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
    const zone = fc.constantFrom('Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/St_Johns', 'UTC');
    const byDate = fc.array(
      fc.tuple(
        date.map((d) => d.toISOString().slice(0, 10)),
        windows,
      ),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(zone, byDate, (tz, entries) => {
        const sorted = entries.map(([day, list]) => [day, list.sort(([a], [b]) => (a < b ? -1 : 1))] as const);
        const exceptions: Record<string, readonly WindowDefinition[]> = Object.fromEntries(sorted);
        const text = exportExceptions({ ...definition, tz, exceptions }, { stampedAt });
        expect(importExceptions(text, tz).exceptions).toEqual(exceptions);
      }),
      { numRuns: 60 },
    );
  });
});

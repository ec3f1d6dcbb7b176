import { compileCalendar } from './calendar.js';
import { dueDate, elapsedOpenSeconds, nextOpeningDate, warningDate } from './dates.js';
import { WEEKDAYS, type CalendarDefinition, type WindowDefinition } from './definition.js';
import { addOpenTime, isOpen, nextOpening, openIntervals, openSecondsBetween, subtractOpenTime } from './open-time.js';

const HOUR = 3600;

function at(iso: string): number {
  return Date.parse(iso) / 1000;
}

function iso(instant: number): string {
  return new Date(instant * 1000).toISOString().replace('.000Z', 'Z');
}

function on(days: readonly (typeof WEEKDAYS)[number][], ...windows: WindowDefinition[]): CalendarDefinition['weekly'] {
  return Object.fromEntries(days.map((day) => [day, windows]));
}

const WORKDAYS = WEEKDAYS.slice(0, 5);
const OFFICE: CalendarDefinition = { tz: 'Europe/Berlin', weekly: on(WORKDAYS, ['09:00', '17:00']) };
const always = (tz: string): CalendarDefinition => ({ tz, weekly: on(WEEKDAYS, ['00:00', '24:00']) });
const NIGHTS: CalendarDefinition = { tz: 'Europe/Berlin', weekly: on(WEEKDAYS, ['22:00', '06:00']) };
const EARLY: CalendarDefinition = { tz: 'Europe/Berlin', weekly: on(WEEKDAYS, ['02:30', '04:00']) };
const ALL_JULY = Object.fromEntries(
  Array.from({ length: 31 }, (_, i) => [`2026-07-${String(i + 1).padStart(2, '0')}`, []]),
);

describe('the named calendar cases', () => {
  const split = { tz: 'America/Sao_Paulo', weekly: on(WEEKDAYS, ['08:00', '12:00'], ['13:30', '18:00']) };
  const newYork = { ...OFFICE, tz: 'America/New_York' };
  const christmas = {
    ...OFFICE,
    exceptions: { '2026-12-24': [['09:00', '12:00']], '2026-12-25': [], '2026-12-26': [] },
  } satisfies CalendarDefinition;

  const cases: readonly [title: string, calendar: CalendarDefinition, start: string, seconds: number, due: string][] = [
    ['Tue 16:00 + 1 h = Tue 17:00', OFFICE, '2026-05-19T16:00+02:00', HOUR, '2026-05-19T17:00+02:00'],
    ['Tue 17:00 + 1 h = Wed 10:00', OFFICE, '2026-05-19T17:00+02:00', HOUR, '2026-05-20T10:00+02:00'],
    [
      'Fri 22 May 2026 16:00 + 8 h, Mon 25 May closed = Tue 26 May 16:00',
      { ...OFFICE, exceptions: { '2026-05-25': [] } },
      '2026-05-22T16:00+02:00',
      8 * HOUR,
      '2026-05-26T16:00+02:00',
    ],
    [
      'Tue 19 May 2026 16:59:30 + 60 s = Wed 09:00:30',
      OFFICE,
      '2026-05-19T16:59:30+02:00',
      60,
      '2026-05-20T09:00:30+02:00',
    ],
    [
      'Tue 30 Jun 2026 16:45 + 30 min, all July closed = Mon 3 Aug 09:15',
      { ...OFFICE, exceptions: ALL_JULY },
      '2026-06-30T16:45+02:00',
      HOUR / 2,
      '2026-08-03T09:15+02:00',
    ],
    [
      '24 Dec open 09–12, 25–26 closed: Thu 24 Dec 2026 11:00 + 2 h = Mon 28 Dec 10:00',
      christmas,
      '2026-12-24T11:00+01:00',
      2 * HOUR,
      '2026-12-28T10:00+01:00',
    ],
    [
      '08–12 and 13:30–18, São Paulo: Tue 11:30 + 1 h = 14:00',
      split,
      '2026-05-19T11:30-03:00',
      HOUR,
      '2026-05-19T14:00-03:00',
    ],
    [
      '08–12 and 13:30–18, São Paulo: Tue 12:30 + 1 h = 14:30',
      split,
      '2026-05-19T12:30-03:00',
      HOUR,
      '2026-05-19T14:30-03:00',
    ],
    [
      'New York: Fri 6 Mar 2026 16:30 + 4 h = Mon 12:30 EDT',
      newYork,
      '2026-03-06T16:30-05:00',
      4 * HOUR,
      '2026-03-09T12:30-04:00',
    ],
    [
      'New York: Fri 30 Oct 2026 16:30 + 4 h = Mon 12:30 EST',
      newYork,
      '2026-10-30T16:30-04:00',
      4 * HOUR,
      '2026-11-02T12:30-05:00',
    ],
    [
      '24×7 New York: Sat 7 Mar 2026 12:00 + 24 h = Sun 13:00 EDT',
      always('America/New_York'),
      '2026-03-07T12:00-05:00',
      24 * HOUR,
      '2026-03-08T13:00-04:00',
    ],
    [
      '24×7 New York: Sat 31 Oct 2026 12:00 + 24 h = Sun 11:00 EST',
      always('America/New_York'),
      '2026-10-31T12:00-04:00',
      24 * HOUR,
      '2026-11-01T11:00-05:00',
    ],
    [
      '22–06 daily: Sat 28 Mar 2026 22:00 + 8 h = Sun 23:00 CEST',
      NIGHTS,
      '2026-03-28T22:00+01:00',
      8 * HOUR,
      '2026-03-29T23:00+02:00',
    ],
    [
      '22–06 daily: Sat 24 Oct 2026 22:00 + 8 h = Sun 05:00 CET',
      NIGHTS,
      '2026-10-24T22:00+02:00',
      8 * HOUR,
      '2026-10-25T05:00+01:00',
    ],
    [
      '24×7 Lord Howe: Sat 3 Oct 2026 12:00 + 24 h = Sun 12:30',
      always('Australia/Lord_Howe'),
      '2026-10-03T12:00+10:30',
      24 * HOUR,
      '2026-10-04T12:30+11:00',
    ],
    [
      'Apia: Thu 29 Dec 2011 16:00 + 2 h = Mon 2 Jan 2012 10:00',
      { ...OFFICE, tz: 'Pacific/Apia' },
      '2011-12-29T16:00-10:00',
      2 * HOUR,
      '2012-01-02T10:00+14:00',
    ],
  ];

  it.each(cases)('%s', (_, calendar, start, seconds, due) => {
    expect(iso(addOpenTime(compileCalendar(calendar), at(start), seconds))).toBe(iso(at(due)));
  });

  it.each([
    ['29 Mar 2026', '2026-03-29T00:00+01:00', '2026-03-30T00:00+02:00', 60],
    ['25 Oct 2026', '2026-10-25T00:00+02:00', '2026-10-26T00:00+01:00', 150],
  ])('02:30–04:00 daily: open minutes on %s', (_, from, to, minutes) => {
    expect(openSecondsBetween(compileCalendar(EARLY), at(from), at(to))).toBe(minutes * 60);
  });

  it('warns in the same open time: 08–18, due Tue 08:30, 1 h before is Mon 17:30', () => {
    const calendar = compileCalendar({ tz: 'Europe/Berlin', weekly: on(WORKDAYS, ['08:00', '18:00']) });
    expect(iso(subtractOpenTime(calendar, at('2026-05-19T08:30+02:00'), HOUR))).toBe(iso(at('2026-05-18T17:30+02:00')));
    expect(iso(subtractOpenTime(calendar, at('2026-05-19T09:00+02:00'), HOUR))).toBe(iso(at('2026-05-18T18:00+02:00')));
  });
});

describe('windows', () => {
  it('a window from the evening before runs out into a closed date, and none opens on it', () => {
    const calendar = compileCalendar({ ...NIGHTS, exceptions: { '2026-05-20': [] } });
    expect([...openIntervals(calendar, at('2026-05-19T12:00+02:00'), at('2026-05-21T23:00+02:00'))].map(spell)).toEqual(
      ['2026-05-19T20:00:00Z/2026-05-20T04:00:00Z', '2026-05-21T20:00:00Z/2026-05-21T21:00:00Z'],
    );
  });

  it('overlapping and touching windows are one, also over midnight and over a closed-then-opened exception', () => {
    const calendar = compileCalendar({
      tz: 'UTC',
      weekly: {
        mon: [
          ['20:00', '24:00'],
          ['21:00', '02:00'],
        ],
        tue: [
          ['02:00', '04:00'],
          ['03:00', '05:00'],
        ],
      },
      exceptions: { '2026-05-20': [['00:00', '00:00']], '2026-05-21': [['00:00', '01:00']] },
    });
    expect([...openIntervals(calendar, at('2026-05-18T00:00Z'), at('2026-05-23T00:00Z'))].map(spell)).toEqual([
      '2026-05-18T20:00:00Z/2026-05-19T05:00:00Z',
      '2026-05-20T00:00:00Z/2026-05-21T01:00:00Z',
    ]);
  });

  it('an interval that is open for ten years is one interval', () => {
    const [from, to] = [at('2020-01-01T00:00Z'), at('2030-01-01T00:00Z')];
    expect([...openIntervals(compileCalendar(always('Asia/Kathmandu')), from, to)]).toEqual([{ from, to }]);
  });

  it('is open at the opening, no more at the closing, and says when it opens next', () => {
    const calendar = compileCalendar(OFFICE);
    const [opening, closing] = [at('2026-05-22T09:00+02:00'), at('2026-05-22T17:00+02:00')];
    expect([opening - 1, opening, closing - 1, closing].map((instant) => isOpen(calendar, instant))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(nextOpening(calendar, closing)).toBe(at('2026-05-25T09:00+02:00'));
    expect(nextOpening(calendar, opening + 1)).toBe(opening + 1);
  });

  it('nothing added is the start, also in closed time', () => {
    expect(addOpenTime(compileCalendar(OFFICE), at('2026-05-23T12:00Z'), 0)).toBe(at('2026-05-23T12:00Z'));
    expect(subtractOpenTime(compileCalendar(OFFICE), at('2026-05-23T12:00Z'), 0)).toBe(at('2026-05-23T12:00Z'));
  });
});

describe('bounds', () => {
  const onceOnly: CalendarDefinition = {
    tz: 'Europe/Berlin',
    weekly: {},
    exceptions: { '2026-05-20': [['09:00', '12:00']] },
  };

  it('a due time that never comes is an error, at once and on every call', () => {
    const calendar = compileCalendar(onceOnly);
    const start = at('2026-05-20T10:00+02:00');
    expect(addOpenTime(calendar, start, 2 * HOUR)).toBe(start + 2 * HOUR);
    for (let i = 0; i < 2; i++) {
      expect(() => addOpenTime(calendar, start, 2 * HOUR + 1)).toThrow(
        expect.objectContaining({ kind: 'INVALID', reason: 'NO_OPEN_TIME_LEFT' }),
      );
    }
    expect(nextOpening(calendar, at('2026-06-01T00:00Z'))).toBeUndefined();
    for (const seconds of [1e15, 60_000 * 24 * HOUR]) {
      expect(() => addOpenTime(compileCalendar(OFFICE), start, seconds)).toThrow(
        expect.objectContaining({ reason: 'NO_OPEN_TIME_LEFT' }),
      );
    }
  });

  it('neither a due time nor an opening lies beyond 2199', () => {
    const calendar = compileCalendar({ tz: 'UTC', weekly: { wed: [['00:00', '24:00']] } });
    // 1 January 2200 is a Wednesday.
    const lastWeek = at('2199-12-26T00:00Z');
    expect(nextOpening(calendar, lastWeek)).toBeUndefined();
    expect(() => addOpenTime(calendar, lastWeek, 60)).toThrow(expect.objectContaining({ reason: 'NO_OPEN_TIME_LEFT' }));
  });

  it('before the first open time there is only its opening', () => {
    const calendar = compileCalendar(onceOnly);
    const closing = at('2026-05-20T12:00+02:00');
    expect(subtractOpenTime(calendar, at('2026-06-20T12:00+02:00'), 3 * HOUR)).toBe(closing - 3 * HOUR);
    expect(() => subtractOpenTime(calendar, closing, 3 * HOUR + 1)).toThrow(
      expect.objectContaining({ reason: 'NO_OPEN_TIME_LEFT' }),
    );
  });

  it.each([Number.NaN, 1.5, at('1899-12-31T23:59:59Z'), at('2200-01-01T00:00Z')])(
    'refuses the instant %s',
    (instant) => {
      expect(() => addOpenTime(compileCalendar(OFFICE), instant, 60)).toThrow(
        expect.objectContaining({ kind: 'INVALID', reason: 'INSTANT_OUT_OF_RANGE' }),
      );
    },
  );

  it.each([-1, 0.5, Number.POSITIVE_INFINITY])('refuses the amount %s', (seconds) => {
    const start = at('2026-05-20T10:00Z');
    for (const operation of [addOpenTime, subtractOpenTime]) {
      expect(() => operation(compileCalendar(OFFICE), start, seconds)).toThrow(
        expect.objectContaining({ kind: 'INVALID', reason: 'INVALID_AMOUNT' }),
      );
    }
  });

  it('answers the same after it was used from 1900 to 2199', () => {
    const calendar = compileCalendar(OFFICE);
    const start = at('2026-05-19T17:00+02:00');
    const due = addOpenTime(calendar, start, 20_000 * HOUR);
    expect(nextOpening(calendar, at('1900-01-01T18:00Z'))).toBe(at('1900-01-02T08:00Z'));
    expect(nextOpening(calendar, at('2199-12-30T23:00Z'))).toBe(at('2199-12-31T08:00Z'));
    expect(addOpenTime(calendar, start, 20_000 * HOUR)).toBe(due);
    expect(subtractOpenTime(calendar, due, 20_000 * HOUR)).toBe(start);
  });
});

describe('dates', () => {
  it('compute to the whole second and drop the rest', () => {
    const calendar = compileCalendar(OFFICE);
    const start = new Date('2026-05-19T16:59:30.900+02:00');
    const due = dueDate(calendar, start, 60);
    expect(due).toEqual(new Date('2026-05-20T09:00:30+02:00'));
    expect(elapsedOpenSeconds(calendar, start, due)).toBe(60);
    expect(elapsedOpenSeconds(calendar, due, start)).toBe(-60);
    expect(warningDate(calendar, due, 40)).toEqual(new Date('2026-05-19T16:59:50+02:00'));
    expect(nextOpeningDate(calendar, new Date('2026-05-19T17:00+02:00'))).toEqual(new Date('2026-05-20T09:00+02:00'));
  });
});

function spell({ from, to }: { from: number; to: number }): string {
  return `${iso(from)}/${iso(to)}`;
}

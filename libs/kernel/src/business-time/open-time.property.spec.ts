import { Temporal } from '@js-temporal/polyfill';
import fc from 'fast-check';
import { compileCalendar } from './calendar.js';
import { WEEKDAYS, type CalendarDefinition, type WindowDefinition } from './definition.js';
import { addOpenTime, isOpen, nextOpening, openIntervals, openSecondsBetween, subtractOpenTime } from './open-time.js';

const DAY = 86_400;
/** A whole morning a week, so that no amount below takes centuries. */
const ANCHOR: readonly WindowDefinition[] = [['06:00', '12:00']];
const EARLIEST = Date.UTC(2005, 0, 1) / 1000;
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago', // changes at midnight
  'America/Sao_Paulo',
  'Australia/Lord_Howe', // half an hour
  'Pacific/Apia', // a missing date
  'Pacific/Chatham',
  'Asia/Kathmandu',
  'Asia/Gaza',
  'Antarctica/Troll', // two hours
  'Africa/Cairo',
  'UTC',
];

/**
 * The specification read literally and slowly: windows by date through Temporal, open time by walking minute by
 * minute. Shares nothing with the code under test. In these years every border lies on a full minute.
 */
class Reference {
  private readonly windows: { open: number; close: number }[] = [];
  private readonly offsets = new Map<number, number>();

  constructor(
    private readonly definition: CalendarDefinition,
    from: number,
    days: number,
  ) {
    const first = this.local(from).toPlainDate().subtract({ days: 3 });
    for (let i = 0; i < days + 6; i++) {
      const date = first.add({ days: i });
      const weekly = definition.weekly[WEEKDAYS[date.dayOfWeek - 1]!] ?? [];
      for (const [open, close] of definition.exceptions?.[date.toString()] ?? weekly) {
        const closeDate = close <= open || close === '24:00' ? date.add({ days: 1 }) : date;
        this.windows.push({
          open: this.instantsOf(date, open)[0]!,
          close: this.instantsOf(closeDate, close === '24:00' ? '00:00' : close).at(-1)!,
        });
      }
    }
  }

  add(start: number, seconds: number): number {
    let at = start;
    for (let left = seconds; left > 0;) {
      const step = 60 - (((at % 60) + 60) % 60);
      if (!this.isOpen(at)) at += step;
      else {
        at += Math.min(step, left);
        left -= step;
      }
    }
    return at;
  }

  isOpen(instant: number): boolean {
    return this.windows.some(({ open, close }) => open <= instant && instant < close);
  }

  /** The occurrences of a wall time in order; in a gap the end of the gap. */
  private instantsOf(date: Temporal.PlainDate, time: string): number[] {
    const wall = date.toPlainDateTime(time).toZonedDateTime('UTC').epochMilliseconds / 1000;
    const offsets = new Set([-26, -13, 0, 13, 26].map((hours) => this.offset(wall + hours * 3600)));
    const instants = [...offsets].map((offset) => wall - offset).filter((at) => at + this.offset(at) === wall);
    if (instants.length > 0) return instants.sort((a, b) => a - b);
    let end = wall - Math.max(...offsets);
    while (end + this.offset(end) < wall) end += 60;
    return [end];
  }

  private offset(instant: number): number {
    const known = this.offsets.get(instant);
    if (known !== undefined) return known;
    const offset = this.local(instant).offsetNanoseconds / 1e9;
    this.offsets.set(instant, offset);
    return offset;
  }

  private local(instant: number): Temporal.ZonedDateTime {
    return Temporal.Instant.fromEpochMilliseconds(instant * 1000).toZonedDateTimeISO(this.definition.tz);
  }
}

const minutes = fc.oneof(
  fc.constantFrom(0, 60, 120, 150, 180, 22 * 60, 23 * 60 + 30),
  fc.integer({ min: 0, max: 24 * 60 - 1 }),
);
const spell = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const window: fc.Arbitrary<WindowDefinition> = fc.tuple(
  minutes.map(spell),
  fc.oneof(minutes, fc.constant(1440)).map(spell),
);
const windows = fc.array(window, { maxLength: 3 });

interface Case {
  readonly definition: CalendarDefinition;
  readonly start: number;
}

/** A calendar with exceptions around `start`, which is often close to a change of the zone's offset. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    tz: fc.constantFrom(...ZONES),
    weekly: fc.dictionary(fc.constantFrom(...WEEKDAYS), windows),
    exceptions: fc.array(fc.tuple(fc.integer({ min: -2, max: 9 }), windows), { maxLength: 4 }),
    instant: fc.integer({ min: EARLIEST, max: Date.UTC(2035, 0, 1) / 1000 }),
    nearChange: fc.option(fc.integer({ min: -3 * DAY, max: 2 * DAY }), { freq: 4 }),
  })
  .map(({ tz, weekly, exceptions, instant, nearChange }) => {
    const local = Temporal.Instant.fromEpochMilliseconds(instant * 1000).toZonedDateTimeISO(tz);
    const change = nearChange === null ? null : local.getTimeZoneTransition('previous');
    const recent = change !== null && change.epochMilliseconds / 1000 > EARLIEST;
    const start = recent && nearChange !== null ? change.epochMilliseconds / 1000 + nearChange : instant;
    const date = Temporal.Instant.fromEpochMilliseconds(start * 1000)
      .toZonedDateTimeISO(tz)
      .toPlainDate();
    const byDate = exceptions.map(([days, list]) => [date.add({ days }).toString(), list] as const);
    return { definition: { tz, weekly: { ...weekly, wed: ANCHOR }, exceptions: Object.fromEntries(byDate) }, start };
  });
const amount = fc.oneof(fc.integer({ min: 0, max: 7200 }), fc.integer({ min: 0, max: 90 * DAY }));

describe('business time against a walk minute by minute', () => {
  it('gives the same due time and the same open minutes', () => {
    fc.assert(
      fc.property(cases, fc.double({ min: 0, max: 1, noNaN: true }), ({ definition, start }, part) => {
        const calendar = compileCalendar(definition);
        const horizon = start + 5 * DAY;
        const reference = new Reference(definition, start, 5);
        const seconds = Math.ceil(part * openSecondsBetween(calendar, start, horizon));
        expect(addOpenTime(calendar, start, seconds)).toBe(reference.add(start, seconds));
        const wrong: number[] = [];
        for (let at = Math.ceil(start / 60) * 60; at < horizon; at += 5 * 60) {
          if (isOpen(calendar, at) !== reference.isOpen(at)) wrong.push(at);
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('Apia has no 30 December 2011: the night shift of the 29th goes on into the 31st', () => {
    const definition: CalendarDefinition = {
      tz: 'Pacific/Apia',
      weekly: Object.fromEntries(WEEKDAYS.map((day) => [day, [['22:00', '06:00']]])),
    };
    const start = Date.parse('2011-12-29T21:00-10:00') / 1000;
    const due = Date.parse('2011-12-31T06:00+14:00') / 1000;
    expect(new Reference(definition, start, 5).add(start, 8 * 3600)).toBe(due);
    expect(addOpenTime(compileCalendar(definition), start, 8 * 3600)).toBe(due);
  });
});

describe('business time as algebra', () => {
  it('elapsed undoes add, and no earlier second would do', () => {
    fc.assert(
      fc.property(cases, amount, ({ definition, start }, seconds) => {
        const calendar = compileCalendar(definition);
        const due = addOpenTime(calendar, start, seconds);
        expect(openSecondsBetween(calendar, start, due)).toBe(seconds);
        if (seconds > 0) expect(openSecondsBetween(calendar, start, due - 1)).toBe(seconds - 1);
      }),
    );
  });

  it('subtract gives the earliest instant with that open time ahead of it, and add comes back', () => {
    fc.assert(
      fc.property(cases, amount, ({ definition, start: due }, seconds) => {
        const calendar = compileCalendar(definition);
        const earlier = subtractOpenTime(calendar, due, seconds);
        expect(openSecondsBetween(calendar, earlier, due)).toBe(seconds);
        if (seconds > 0) {
          expect(openSecondsBetween(calendar, earlier - 1, due)).toBe(seconds + 1);
          expect(addOpenTime(calendar, earlier, seconds)).toBeLessThanOrEqual(due);
        }
      }),
    );
  });

  it('a warning is the target less the warning', () => {
    fc.assert(
      fc.property(cases, amount, fc.integer({ min: 1, max: 7200 }), ({ definition, start }, seconds, rest) => {
        const calendar = compileCalendar(definition);
        const due = addOpenTime(calendar, start, seconds + 1 + rest);
        expect(subtractOpenTime(calendar, due, rest)).toBe(addOpenTime(calendar, start, seconds + 1));
      }),
    );
  });

  it('adds up: a then b is a + b, in either order, and elapsed time too', () => {
    fc.assert(
      fc.property(cases, amount, amount, ({ definition, start }, a, b) => {
        const calendar = compileCalendar(definition);
        const both = addOpenTime(calendar, start, a + b);
        const middle = addOpenTime(calendar, start, a);
        expect(addOpenTime(calendar, middle, b)).toBe(both);
        expect(addOpenTime(compileCalendar(definition), addOpenTime(calendar, start, b), a)).toBe(both);
        const parts = openSecondsBetween(calendar, start, middle) + openSecondsBetween(calendar, middle, both);
        expect(parts).toBe(openSecondsBetween(calendar, start, both));
      }),
    );
  });

  it('is monotonic in the start and in the amount', () => {
    fc.assert(
      fc.property(cases, amount, amount, fc.integer({ min: 0, max: 5 * DAY }), ({ definition, start }, a, b, later) => {
        const calendar = compileCalendar(definition);
        const [less, more] = a < b ? [a, b] : [b, a];
        expect(addOpenTime(calendar, start, less)).toBeLessThanOrEqual(addOpenTime(calendar, start, more));
        expect(addOpenTime(calendar, start, a)).toBeLessThanOrEqual(addOpenTime(calendar, start + later, a));
      }),
    );
  });

  it('lists intervals that are open, apart from each other, and add up', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 0, max: 800 * DAY }), ({ definition, start }, length) => {
        const calendar = compileCalendar(definition);
        const end = start + length;
        let before = start - 1;
        let sum = 0;
        const wrong = [...openIntervals(calendar, start, end)].filter(({ from, to }) => {
          const apart =
            from > before && to > from && to <= end && nextOpening(calendar, Math.max(before, start)) === from;
          before = to;
          sum += to - from;
          return !apart || !isOpen(calendar, to - 1) || (to !== end && isOpen(calendar, to));
        });
        expect(wrong).toEqual([]);
        expect(sum).toBe(openSecondsBetween(calendar, start, end));
      }),
      { numRuns: 50 },
    );
  });
});

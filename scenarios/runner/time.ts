import { Temporal } from '@js-temporal/polyfill';
import type { Timestamp } from '#contracts/generated/google/protobuf/timestamp.js';
import { holidayExceptions } from '#kernel/business-time/holidays.js';
import { fromTimestampOrUndefined } from '#platform/grpc/timestamps.js';
import { given } from './expect.js';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

export interface Span {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

/** Days are 24 hours long, whatever the clocks do. */
export function milliseconds({ days = 0, hours = 0, minutes = 0, seconds = 0 }: Span): number {
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

export function after(instant: Date, span: Span): Date {
  return new Date(instant.getTime() + milliseconds(span));
}

export function before(instant: Date, span: Span): Date {
  return new Date(instant.getTime() - milliseconds(span));
}

/** The instant, which has to be there. */
export function instant(timestamp: Timestamp | null | undefined): Date {
  return given(fromTimestampOrUndefined(timestamp), 'instant');
}

/** Wall times of one week, and of those after it, in one time zone. */
export class Week {
  constructor(
    private readonly monday: Temporal.PlainDate,
    private readonly zone: string,
  ) {}

  /** `Tue 10:00`, of this week or of one that many weeks later. */
  at(text: string, weeks = 0): Date {
    const [day, time] = text.split(' ');
    const days = DAYS.indexOf(day ?? '') + 7 * weeks;
    if (days < 0 || !time) throw new RangeError(`${text} is not like “Tue 10:00”`);
    return wall(this.monday.add({ days }), time, this.zone);
  }
}

/** A weekday in Germany that is a public holiday, and the ordinary day after it. */
export interface PublicHoliday {
  at(time: string): Date;
  nextBusinessDay(time: string): Date;
}

/**
 * The next week that begins after `now` and is, with those that follow it, like any other: no public holiday of Germany,
 * and the clocks are not changed.
 */
export function quietWeek(now: Date, zone: string, weeks: number): Week {
  const today = dateOf(now, zone);
  const closed = holidays(today.year, 'BE');
  for (let monday = today.add({ days: 8 - today.dayOfWeek }); ; monday = monday.add({ weeks: 1 })) {
    const dates = Array.from({ length: weeks * 7 + 1 }, (_, days) => monday.add({ days }));
    const hours = monday.toZonedDateTime(zone).until(dates.at(-1)!.toZonedDateTime(zone)).total('hours');
    if (hours === weeks * 168 && !dates.some((date) => closed.has(date.toString()))) return new Week(monday, zone);
  }
}

/** The next nationwide holiday on a Tuesday to Thursday between two ordinary days, three days ahead at least. */
export function nextPublicHoliday(now: Date, zone: string): PublicHoliday {
  const today = dateOf(now, zone);
  const closed = holidays(today.year);
  for (let date = today.add({ days: 3 }); ; date = date.add({ days: 1 })) {
    const ordinary = [-1, 1].every((days) => !closed.has(date.add({ days }).toString()));
    if (date.dayOfWeek < 2 || date.dayOfWeek > 4 || !closed.has(date.toString()) || !ordinary) continue;
    const found = date;
    return { at: (time) => wall(found, time, zone), nextBusinessDay: (time) => wall(found.add({ days: 1 }), time, zone) };
  }
}

function holidays(year: number, region?: string): Set<string> {
  const choice = region ? { country: 'DE', region } : { country: 'DE' };
  return new Set(Object.keys(holidayExceptions(choice, year, year + 6).dates));
}

function dateOf(now: Date, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone).toPlainDate();
}

/** `24:00` is the midnight that ends the date. */
function wall(date: Temporal.PlainDate, time: string, zone: string): Date {
  const at =
    time === '24:00'
      ? date.add({ days: 1 }).toZonedDateTime(zone)
      : date.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) });
  return new Date(at.epochMilliseconds);
}

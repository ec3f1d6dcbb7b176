import { WEEKDAYS, type CalendarDefinition } from '#kernel/business-time/definition.js';
import { TimeZone } from '#kernel/business-time/time-zone.js';
import { closingInstant, DAY_SECONDS, parseDate, parseTime, wallTime } from '#kernel/business-time/wall-time.js';
import type { CutOffTarget } from '#kernel/desk/timing.js';
import type { Instant } from './clock.js';

/** "Sent before 16:00 on a business day: due that day; from 16:00 on, the next one" (SHP-6). */
export interface CutOff {
  readonly zone: TimeZone;
  /** Seconds of the local day. */
  readonly at: number;
  readonly dueAt: number;
  /** Monday first. */
  readonly weekdays: readonly boolean[];
  /** By day number: whether the calendar opens on a date that it treats apart. */
  readonly exceptions: ReadonlyMap<number, boolean>;
}

/** @param businessDays the calendar whose opening dates are the business days, and whose zone the wall times are in */
export function compileCutOff(target: CutOffTarget, businessDays: CalendarDefinition): CutOff {
  const zone = TimeZone.named(businessDays.tz);
  const at = parseTime(target.at);
  const dueAt = parseTime(target.dueAt);
  if (zone === undefined || at === undefined || dueAt === undefined) {
    throw new RangeError(`not a cut-off: ${target.at}, due ${target.dueAt}, ${businessDays.tz}`);
  }
  const exceptions = new Map<number, boolean>();
  for (const [date, windows] of Object.entries(businessDays.exceptions ?? {})) {
    const day = parseDate(date);
    if (day !== undefined) exceptions.set(day, windows.length > 0);
  }
  const weekdays = WEEKDAYS.map((day) => (businessDays.weekly[day]?.length ?? 0) > 0);
  return { zone, at, dueAt, weekdays, exceptions };
}

/** @throws RangeError when no business day ever follows */
export function cutOffDue(cutOff: CutOff, sentAt: Instant): Instant {
  const { zone, at, dueAt } = cutOff;
  const wall = wallTime(zone.spans(sentAt, sentAt), sentAt);
  const today = Math.floor(wall / DAY_SECONDS);
  const inTime = wall - today * DAY_SECONDS < at;
  const day = nextBusinessDay(cutOff, inTime ? today : today + 1);
  const due = day * DAY_SECONDS + dueAt;
  // An offset is below a day; an hour shown twice ends with its second showing, as a closing time does.
  return closingInstant(zone.spans(due - 2 * DAY_SECONDS, due + 2 * DAY_SECONDS), due);
}

function nextBusinessDay({ weekdays, exceptions }: CutOff, from: number): number {
  // At worst every week needs an exception for each business day it closes.
  const last = from + 7 * (exceptions.size + 1);
  for (let day = from; day <= last; day++) {
    // 1 January 1970, day 0, was a Thursday.
    if (exceptions.get(day) ?? weekdays[(((day + 3) % 7) + 7) % 7]) return day;
  }
  throw new RangeError('no business day follows');
}

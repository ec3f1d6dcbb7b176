import { invalid, type Violation } from '../errors.js';
import { TimeZone } from './time-zone.js';
import { closingInstant, DAY_SECONDS, openingInstant, parseDate, parseTime } from './wall-time.js';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/**
 * `[open, close]` in local wall time, `HH:MM`. `24:00` is the midnight that ends the date; a close at or before the
 * open runs into the next date.
 */
export type WindowDefinition = readonly [open: string, close: string];

/** A calendar as a desk writes it: a window belongs to the local date on which it opens. */
export interface CalendarDefinition {
  /** IANA name, such as `Europe/Berlin`. */
  readonly tz: string;
  readonly weekly: { readonly [day in Weekday]?: readonly WindowDefinition[] };
  /** By date, `YYYY-MM-DD`: replaces the windows that open on that date; an empty list closes it. */
  readonly exceptions?: Readonly<Record<string, readonly WindowDefinition[]>>;
}

/** Seconds from the midnight that starts the date; `close` is after `open` and may lie in the next date. */
export interface Window {
  readonly open: number;
  readonly close: number;
}

/** A calendar's windows by day number, checked. */
export interface OpeningRules {
  readonly zone: TimeZone;
  /** Monday first, seven entries. */
  readonly weekly: readonly (readonly Window[])[];
  readonly exceptions: ReadonlyMap<number, readonly Window[]>;
}

/** Instants that calendars answer for, in epoch seconds: 1900 up to, not including, 2200. */
export const FIRST_INSTANT = Date.UTC(1900, 0, 1) / 1000;
export const END_INSTANT = Date.UTC(2200, 0, 1) / 1000;

/** Day number → the windows that open on it. 1 January 1970 was a Thursday. */
export function windowsOn(rules: OpeningRules, day: number): readonly Window[] {
  return rules.exceptions.get(day) ?? rules.weekly[(((day + 3) % 7) + 7) % 7]!;
}

/**
 * Checks a definition as a whole.
 * @throws DomainError INVALID `INVALID_CALENDAR`: one violation for each fault, its field the path (`weekly.mon[0][1]`)
 */
export function readDefinition(definition: CalendarDefinition): OpeningRules {
  const faults: Violation[] = [];
  const zone = TimeZone.named(String(definition.tz));
  if (zone === undefined)
    faults.push({ field: 'tz', description: `unknown time zone ${JSON.stringify(definition.tz)}` });
  const weekly = readWeekly(definition.weekly, faults);
  const exceptions = readExceptions(definition.exceptions ?? {}, faults);
  if (zone === undefined || faults.length > 0) throw invalid(faults, 'INVALID_CALENDAR');
  const rules: OpeningRules = { zone, weekly, exceptions };
  if (!everOpens(rules)) {
    throw invalid([{ field: 'weekly', description: 'the calendar has no open time at all' }], 'INVALID_CALENDAR');
  }
  return rules;
}

function readWeekly(weekly: CalendarDefinition['weekly'], faults: Violation[]): Window[][] {
  if (!isObject(weekly)) {
    faults.push({ field: 'weekly', description: 'must give windows by weekday' });
    return [];
  }
  for (const day of Object.keys(weekly)) {
    if (!(WEEKDAYS as readonly string[]).includes(day)) {
      faults.push({ field: `weekly.${day}`, description: `not a weekday; these are: ${WEEKDAYS.join(', ')}` });
    }
  }
  return WEEKDAYS.map((day) => readWindows(weekly[day] ?? [], `weekly.${day}`, faults));
}

function readExceptions(
  exceptions: NonNullable<CalendarDefinition['exceptions']>,
  faults: Violation[],
): Map<number, Window[]> {
  const byDay = new Map<number, Window[]>();
  if (!isObject(exceptions)) {
    faults.push({ field: 'exceptions', description: 'must give windows by date' });
    return byDay;
  }
  for (const [date, windows] of Object.entries(exceptions)) {
    const field = `exceptions.${date}`;
    const day = parseDate(date);
    if (day === undefined) {
      faults.push({ field, description: 'not a date of the form YYYY-MM-DD' });
    } else if (day * DAY_SECONDS < FIRST_INSTANT || day * DAY_SECONDS >= END_INSTANT) {
      faults.push({ field, description: 'calendars run from 1900 to 2199' });
    }
    byDay.set(day ?? Number.NaN, readWindows(windows, field, faults));
  }
  return byDay;
}

function readWindows(windows: unknown, field: string, faults: Violation[]): Window[] {
  if (!Array.isArray(windows)) {
    faults.push({ field, description: 'must be a list of [open, close]' });
    return [];
  }
  return windows.flatMap((window: unknown, index) => readWindow(window, `${field}[${index}]`, faults));
}

function readWindow(window: unknown, field: string, faults: Violation[]): Window[] {
  if (!Array.isArray(window) || window.length !== 2) {
    faults.push({ field, description: 'must be [open, close]' });
    return [];
  }
  const times = window.map((time: unknown, index) => {
    const seconds = typeof time === 'string' ? parseTime(time) : undefined;
    if (seconds === undefined) {
      const description = `${JSON.stringify(time)} is not a time from 00:00 to 24:00`;
      faults.push({ field: `${field}[${index}]`, description });
    } else if (index === 0 && seconds === DAY_SECONDS) {
      faults.push({
        field: `${field}[0]`,
        description: 'a window that opens at 24:00 is one of the next date at 00:00',
      });
    }
    return seconds;
  });
  const [open, close] = times;
  if (open === undefined || close === undefined) return [];
  return [{ open, close: close > open ? close : close + DAY_SECONDS }];
}

/** A week repeats for ever; without one, some exception must leave open time once its wall times are instants. */
function everOpens({ zone, weekly, exceptions }: OpeningRules): boolean {
  if (weekly.some((windows) => windows.length > 0)) return true;
  return [...exceptions].some(([day, windows]) => {
    const midnight = day * DAY_SECONDS;
    const spans = zone.spans(midnight - 4 * DAY_SECONDS, midnight + 4 * DAY_SECONDS);
    return windows.some(
      ({ open, close }) => openingInstant(spans, midnight + open) < closingInstant(spans, midnight + close),
    );
  });
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

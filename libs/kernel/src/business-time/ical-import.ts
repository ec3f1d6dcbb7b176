import ICAL from 'ical.js';
import { invalid, type Violation } from '../errors.js';
import { END_INSTANT, FIRST_INSTANT, type WindowDefinition } from './definition.js';
import { readLines } from './ical-lines.js';
import { TimeZone } from './time-zone.js';
import { DAY_SECONDS, formatDate, formatTime, openingInstant, parseDate, wallTime } from './wall-time.js';

/** An all-day event of more days than this is taken for a mistake. */
const LONGEST_CLOSURE_DAYS = 3_660;

export interface ImportedExceptions {
  readonly exceptions: Readonly<Record<string, readonly WindowDefinition[]>>;
  /** The events' summaries by date, for those that have one. */
  readonly names: Readonly<Record<string, string>>;
}

interface Moment {
  /** Epoch seconds the wall time would have in UTC. */
  readonly wall: number;
  readonly allDay: boolean;
}

interface Entry {
  readonly days: readonly number[];
  readonly window?: WindowDefinition;
  readonly name?: string;
}

/**
 * Reads the exceptions of a calendar in time zone `tz` from an iCalendar file: an all-day event closes each of its
 * dates, an event with times opens that window on the date it starts, and cancelled events are left out. Times are
 * floating, in UTC, or in any IANA zone. Repeating events are refused: exceptions are single dates.
 * @throws DomainError INVALID `INVALID_ICALENDAR`: every fault of the file (`line 7`, `events[3].dtend`)
 */
export function importExceptions(text: string, tz: string): ImportedExceptions {
  const faults: Violation[] = [];
  const zone = TimeZone.named(tz);
  if (zone === undefined) throw invalid([{ field: 'tz', description: `unknown time zone ${tz}` }], 'INVALID_ICALENDAR');
  const events = readLines(text, faults).flatMap((file) => file.getAllSubcomponents('vevent'));
  const entries = new Map<number, Entry[]>();
  events.forEach((event, index) => {
    if (String(event.getFirstPropertyValue('status')).toUpperCase() === 'CANCELLED') return;
    const entry = readEvent(event, zone, (name, description) => {
      faults.push({ field: `events[${index}]${name === '' ? '' : `.${name}`}`, description });
    });
    for (const day of entry?.days ?? []) entries.set(day, [...(entries.get(day) ?? []), entry!]);
  });
  const exceptions: Record<string, WindowDefinition[]> = {};
  const names: Record<string, string> = {};
  for (const [day, list] of [...entries].sort(([a], [b]) => a - b)) {
    const date = formatDate(day);
    const windows = list.flatMap((entry) => (entry.window === undefined ? [] : [entry.window]));
    if (windows.length > 0 && windows.length < list.length) {
      faults.push({ field: date, description: 'closed all day by one event and opened by another' });
    }
    exceptions[date] = windows.sort(([a], [b]) => (a < b ? -1 : 1));
    const name = list.find((entry) => entry.name !== undefined)?.name;
    if (name !== undefined) names[date] = name;
  }
  if (faults.length > 0) throw invalid(faults, 'INVALID_ICALENDAR');
  return { exceptions, names };
}

type Fault = (property: string, description: string) => void;

function readEvent(event: ICAL.Component, zone: TimeZone, fault: Fault): Entry | undefined {
  for (const repeat of ['rrule', 'rdate'].filter((name) => event.hasProperty(name))) {
    fault(repeat, 'repeating events are not read: give each date an event of its own');
  }
  if (!event.hasProperty('dtstart')) {
    fault('dtstart', 'is missing');
    return undefined;
  }
  const start = readMoment(event, 'dtstart', zone, fault);
  const end = readEnd(event, start, zone, fault);
  if (start === undefined || end === undefined) return undefined;
  const summary = event.getFirstPropertyValue('summary');
  const name = typeof summary === 'string' && summary !== '' ? { name: summary } : {};
  const length = end.wall - start.wall;
  if (start.allDay !== end.allDay) {
    fault('dtend', 'must be a date where dtstart is one, and a time where it is a time');
  } else if (length <= 0) {
    fault('dtend', 'must be after dtstart');
  } else if (start.allDay) {
    const days = length / DAY_SECONDS;
    if (days <= LONGEST_CLOSURE_DAYS) {
      return { days: Array.from({ length: days }, (_, day) => start.wall / DAY_SECONDS + day), ...name };
    }
    fault('', `an all-day event of ${days} days; the longest taken is ${LONGEST_CLOSURE_DAYS}`);
  } else if (length > DAY_SECONDS) {
    fault('', 'a window is at most 24 hours long');
  } else {
    return { days: [Math.floor(start.wall / DAY_SECONDS)], window: windowOf(start.wall, end.wall), ...name };
  }
  return undefined;
}

function windowOf(start: number, end: number): WindowDefinition {
  const midnight = Math.floor(start / DAY_SECONDS) * DAY_SECONDS;
  const close = end - midnight;
  return [formatTime(start - midnight), formatTime(close > DAY_SECONDS ? close - DAY_SECONDS : close)];
}

/** Where neither an end nor a duration is given, an event on a date lasts that day. */
function readEnd(event: ICAL.Component, start: Moment | undefined, zone: TimeZone, fault: Fault): Moment | undefined {
  if (event.hasProperty('dtend')) return readMoment(event, 'dtend', zone, fault);
  if (start === undefined) return undefined;
  const duration = event.getFirstProperty('duration');
  if (duration === null) {
    if (start.allDay) return { wall: start.wall + DAY_SECONDS, allDay: true };
    fault('dtend', 'is missing, and so is a duration');
    return undefined;
  }
  const seconds = readDuration(duration);
  if (seconds === undefined || (start.allDay && seconds % DAY_SECONDS !== 0)) {
    fault('duration', start.allDay ? 'must be whole days, such as P2D' : 'is not a duration such as PT3H');
    return undefined;
  }
  if (start.allDay) return { wall: start.wall + seconds, allDay: true };
  // A duration is exact time, also over a change of the clocks.
  const spans = spansAround(zone, start.wall);
  const wall = wallTime(spans, openingInstant(spans, start.wall) + seconds);
  return { wall, allDay: false };
}

function readDuration(property: ICAL.Property): number | undefined {
  try {
    const value = property.getFirstValue();
    return value instanceof ICAL.Duration ? value.toSeconds() : undefined;
  } catch {
    // The library parses a value when it is asked for.
    return undefined;
  }
}

function readMoment(event: ICAL.Component, name: string, zone: TimeZone, fault: Fault): Moment | undefined {
  const property = event.getFirstProperty(name)!;
  // The library would take 30 February for 2 March: its raw text is read instead.
  const raw: unknown = property.jCal[3];
  const match = /^(\d{4}-\d\d-\d\d)(?:T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(Z?))?$/.exec(String(raw));
  const day = match === null ? undefined : parseDate(match[1]!);
  if (match === null || day === undefined || !inRange(day)) {
    fault(name, `${JSON.stringify(raw)} is not a date or time from 1900 to 2199`);
    return undefined;
  }
  if (match[2] === undefined) return { wall: day * DAY_SECONDS, allDay: true };
  const wall = day * DAY_SECONDS + Number(match[2]) * 3600 + Number(match[3]) * 60;
  if (match[4] !== '00') {
    fault(name, 'windows open and close on a full minute');
    return undefined;
  }
  const tzid = match[5] === 'Z' ? 'UTC' : property.getParameter('tzid');
  const written = tzid === undefined ? zone : TimeZone.named(String(tzid));
  if (written === undefined) {
    fault(name, `the time zone ${JSON.stringify(tzid)} is not an IANA name`);
    return undefined;
  }
  if (written === zone) return { wall, allDay: false };
  const instant = openingInstant(spansAround(written, wall), wall);
  return { wall: wallTime(spansAround(zone, instant), instant), allDay: false };
}

function inRange(day: number): boolean {
  return day * DAY_SECONDS >= FIRST_INSTANT && day * DAY_SECONDS < END_INSTANT;
}

function spansAround(zone: TimeZone, seconds: number): ReturnType<TimeZone['spans']> {
  return zone.spans(seconds - 4 * DAY_SECONDS, seconds + 4 * DAY_SECONDS);
}

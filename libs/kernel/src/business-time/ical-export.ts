import ICAL from 'ical.js';
import { readDefinition, type CalendarDefinition, type Window } from './definition.js';
import type { OffsetSpan } from './time-zone.js';
import { DAY_SECONDS, formatDate, formatTime } from './wall-time.js';

export interface ExportOptions {
  /** DTSTAMP of every event: the instant of the export. */
  readonly stampedAt: Date;
  /** Event summaries by date; default: `Closed` or `Open`. */
  readonly names?: Readonly<Record<string, string>>;
}

/**
 * Writes a calendar's exceptions as iCalendar (RFC 5545) so that `importExceptions` with the same zone gives them back:
 * a closed date is an all-day event, a window an event from its opening to its closing in the calendar's zone.
 * A close of 00:00 comes back as 24:00, the same midnight.
 */
export function exportExceptions(definition: CalendarDefinition, options: ExportOptions): string {
  const { zone, exceptions } = readDefinition(definition);
  const file = new ICAL.Component('vcalendar');
  file.addPropertyWithValue('version', '2.0');
  file.addPropertyWithValue('prodid', '-//Priolane//Business time//EN');
  const days = [...exceptions].sort(([a], [b]) => a - b);
  if (days.some(([, windows]) => windows.length > 0)) {
    const first = days[0]![0] * DAY_SECONDS;
    const last = days.at(-1)![0] * DAY_SECONDS;
    file.addSubcomponent(timeZoneComponent(definition.tz, zone.spans(first, last + 4 * DAY_SECONDS)));
  }
  for (const [day, windows] of days) {
    const name = options.names?.[formatDate(day)];
    if (windows.length === 0) file.addSubcomponent(closedEvent(day, name ?? 'Closed', options));
    windows.forEach((window, index) => {
      file.addSubcomponent(openEvent(definition.tz, day, window, index, name ?? 'Open', options));
    });
  }
  return `${file.toString()}\r\n`;
}

function closedEvent(day: number, name: string, options: ExportOptions): ICAL.Component {
  const event = newEvent(`${formatDate(day)}-closed`, name, options);
  event.addPropertyWithValue('dtstart', ICAL.Time.fromDateString(formatDate(day)));
  event.addPropertyWithValue('dtend', ICAL.Time.fromDateString(formatDate(day + 1)));
  return event;
}

function openEvent(
  tz: string,
  day: number,
  window: Window,
  index: number,
  name: string,
  options: ExportOptions,
): ICAL.Component {
  const event = newEvent(`${formatDate(day)}-open-${index + 1}`, name, options);
  const midnight = day * DAY_SECONDS;
  event.addPropertyWithValue('dtstart', localTime(midnight + window.open)).setParameter('tzid', tz);
  event.addPropertyWithValue('dtend', localTime(midnight + window.close)).setParameter('tzid', tz);
  return event;
}

function newEvent(uid: string, name: string, options: ExportOptions): ICAL.Component {
  const event = new ICAL.Component('vevent');
  event.addPropertyWithValue('uid', `${uid}@priolane`);
  event.addPropertyWithValue('dtstamp', ICAL.Time.fromJSDate(options.stampedAt, true));
  event.addPropertyWithValue('summary', name);
  return event;
}

/** The offsets in the years of the exceptions: RFC 5545 wants a VTIMEZONE for every TZID. */
function timeZoneComponent(tz: string, spans: readonly OffsetSpan[]): ICAL.Component {
  const component = new ICAL.Component('vtimezone');
  component.addPropertyWithValue('tzid', tz);
  spans.forEach((span, index) => {
    const offsetBefore = spans[index - 1]?.offset ?? span.offset;
    const observance = new ICAL.Component(span.offset > offsetBefore ? 'daylight' : 'standard');
    const since =
      index === 0 ? ICAL.Time.fromDateTimeString('1900-01-01T00:00:00') : localTime(span.start + offsetBefore);
    observance.addPropertyWithValue('dtstart', since);
    observance.addPropertyWithValue('tzoffsetfrom', utcOffset(offsetBefore));
    observance.addPropertyWithValue('tzoffsetto', utcOffset(span.offset));
    component.addSubcomponent(observance);
  });
  return component;
}

function localTime(wall: number): ICAL.Time {
  const day = Math.floor(wall / DAY_SECONDS);
  return ICAL.Time.fromDateTimeString(`${formatDate(day)}T${formatTime(wall - day * DAY_SECONDS)}:00`);
}

function utcOffset(offset: number): ICAL.UtcOffset {
  return ICAL.UtcOffset.fromSeconds(offset);
}

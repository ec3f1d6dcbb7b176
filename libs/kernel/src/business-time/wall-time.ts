import type { OffsetSpan } from './time-zone.js';

export const DAY_SECONDS = 86_400;

// A wall time is written as the epoch seconds it would have in UTC; a day number counts from 1 January 1970.

/**
 * The instant a window opens: the first at which the local clock shows `wall` or later. In a repeated hour that is the
 * first occurrence, in a gap the end of the gap.
 */
export function openingInstant(spans: readonly OffsetSpan[], wall: number): number {
  for (const span of spans) {
    if (span.end + span.offset > wall) return Math.max(span.start, wall - span.offset);
  }
  throw new RangeError('the last span of a zone has no end');
}

/**
 * The instant a window closes: the last up to which the local clock shows `wall` or earlier. In a repeated hour that is
 * the last occurrence, in a gap the end of the gap.
 */
export function closingInstant(spans: readonly OffsetSpan[], wall: number): number {
  for (let index = spans.length - 1; index >= 0; index--) {
    const span = spans[index]!;
    if (span.start + span.offset <= wall) return Math.min(span.end, wall - span.offset);
  }
  throw new RangeError('the first span of a zone has no start');
}

/** The wall time a local clock shows at an instant. */
export function wallTime(spans: readonly OffsetSpan[], instant: number): number {
  return instant + spans.find((span) => instant < span.end)!.offset;
}

/** `2026-05-25` as a day number; `undefined` when it is no date of the calendar. */
export function parseDate(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const day = Date.parse(`${text}T00:00:00Z`) / (DAY_SECONDS * 1000);
  // Date.parse takes 30 February for 2 March.
  return Number.isInteger(day) && formatDate(day) === text ? day : undefined;
}

export function formatDate(day: number): string {
  return new Date(day * DAY_SECONDS * 1000).toISOString().slice(0, 10);
}

/** `HH:MM` from 00:00 to 24:00 as seconds of the day; `undefined` for anything else. */
export function parseTime(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (match !== null) return Number(match[1]) * 3600 + Number(match[2]) * 60;
  return text === '24:00' ? DAY_SECONDS : undefined;
}

export function formatTime(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

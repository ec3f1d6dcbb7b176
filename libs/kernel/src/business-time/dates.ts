import type { Calendar } from './calendar.js';
import { addOpenTime, nextOpening, openSecondsBetween, subtractOpenTime } from './open-time.js';

// Business time is exact to the second: a fraction of a second in a `Date` is dropped before anything is computed.

/** Whole seconds since 1970, rounded down. */
export function epochSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

export function fromEpochSeconds(seconds: number): Date {
  return new Date(seconds * 1000);
}

/** `addOpenTime` for a `Date`. */
export function dueDate(calendar: Calendar, start: Date, seconds: number): Date {
  return fromEpochSeconds(addOpenTime(calendar, epochSeconds(start), seconds));
}

/** `subtractOpenTime` for a `Date`. */
export function warningDate(calendar: Calendar, due: Date, seconds: number): Date {
  return fromEpochSeconds(subtractOpenTime(calendar, epochSeconds(due), seconds));
}

/** `openSecondsBetween` for `Date`s. */
export function elapsedOpenSeconds(calendar: Calendar, from: Date, to: Date): number {
  return openSecondsBetween(calendar, epochSeconds(from), epochSeconds(to));
}

/** `nextOpening` for a `Date`. */
export function nextOpeningDate(calendar: Calendar, instant: Date): Date | undefined {
  const opening = nextOpening(calendar, epochSeconds(instant));
  return opening === undefined ? undefined : fromEpochSeconds(opening);
}

import { addOpenTime, openSecondsBetween } from '#kernel/business-time/open-time.js';
import { DomainError } from '#kernel/errors.js';
import type { Instant } from './clock.js';
import { cutOffDue } from './cut-off.js';
import { yearOf } from './holiday-years.js';
import type { CalendarVersion, CutOffPromise } from './policy-timeline.js';

// Business time of a desk's calendars. A calendar knows the public holidays of certain years; outside of them it refuses
// to answer, for it would answer as if there were none.

/** The refusal, and which year to fill in for an answer. */
export class HolidaysNotCovered extends DomainError {
  readonly calendarId: string;
  readonly calendarVersion: number;

  constructor(
    { id, version, covered }: CalendarVersion,
    readonly year: number,
  ) {
    const { coversFrom, coversTo } = covered;
    const known = `${coversFrom} to ${coversTo}`;
    super('INVALID', 'HOLIDAYS_NOT_COVERED', `calendar ${id} version ${version} knows the public holidays of ${known}, not of ${year}`, {
      metadata: { calendarId: id, calendarVersion: String(version), year: String(year), known },
    });
    this.calendarId = id;
    this.calendarVersion = version;
  }
}

/** As `addOpenTime`. @throws HolidaysNotCovered */
export function addCovered(version: CalendarVersion, start: Instant, seconds: number): Instant {
  requireCovered(version, start);
  const due = addOpenTime(version.calendar, start, seconds);
  requireCovered(version, due);
  return due;
}

/** As `openSecondsBetween`. @throws HolidaysNotCovered */
export function openCovered(version: CalendarVersion, from: Instant, to: Instant): number {
  requireCovered(version, from);
  requireCovered(version, to);
  return openSecondsBetween(version.calendar, from, to);
}

/** As `cutOffDue`. @throws HolidaysNotCovered */
export function cutOffCovered({ cutOff, businessDays }: CutOffPromise, sentAt: Instant): Instant {
  requireCovered(businessDays, sentAt);
  const due = cutOffDue(cutOff, sentAt);
  requireCovered(businessDays, due);
  return due;
}

function requireCovered(version: CalendarVersion, at: Instant): void {
  const { start, end, coversFrom, coversTo } = version.covered;
  if (at < start) throw new HolidaysNotCovered(version, Math.min(yearOf(at), coversFrom - 1));
  if (at >= end) throw new HolidaysNotCovered(version, Math.max(yearOf(at), coversTo + 1));
}

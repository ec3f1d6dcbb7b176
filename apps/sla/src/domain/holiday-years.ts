import { compileCalendar } from '#kernel/business-time/calendar.js';
import { fromEpochSeconds } from '#kernel/business-time/dates.js';
import { addOpenTime } from '#kernel/business-time/open-time.js';
import { DAY_SECONDS } from '#kernel/business-time/wall-time.js';
import type { CalendarSpec, PolicyLine } from '#kernel/desk/timing.js';
import { parseDuration } from '#kernel/desk/duration.js';
import { DomainError } from '#kernel/errors.js';
import type { Instant } from './clock.js';
import {
  type HolidayYears,
  holidayYears,
  type ImportedDates,
  resolveCalendar,
  type ResolvedCalendar,
  withYears,
} from './resolve-calendar.js';

/** The years whose public holidays are filled in, both included. */
export interface Coverage {
  readonly coversFrom: number;
  readonly coversTo: number;
}

export type CoveredCalendar = ResolvedCalendar & Coverage;

/** Without public holidays there is nothing to fill in. */
export const ALL_YEARS: Coverage = { coversFrom: 0, coversTo: 9_999 };

/** The same as instants, `end` excluded: what is between can be told without looking at a year that is not filled in. */
export interface CoveredSpan extends Coverage {
  readonly start: Instant;
  readonly end: Instant;
}

/** Time zones, and windows that run on into the next date. */
const MARGIN = 2 * DAY_SECONDS;

export function coveredSpan({ coversFrom, coversTo }: Coverage): CoveredSpan {
  const start = coversFrom === ALL_YEARS.coversFrom ? Number.NEGATIVE_INFINITY : startOf(coversFrom) + MARGIN;
  const end = coversTo === ALL_YEARS.coversTo ? Number.POSITIVE_INFINITY : startOf(coversTo + 1) - MARGIN;
  return { coversFrom, coversTo, start, end };
}

/** From two years before a version (imported history) to ten years after what is due latest, and anew at five. */
const YEARS_BACK = 2;
const YEARS_AHEAD = 10;
const REFILL_AHEAD = 5;
/** The source's first year, and the last in which it knows the holidays of every religion: its moon tables end in 2076. */
const FIRST_YEAR = 1970;
const LAST_YEAR = 2075;

/** What a calendar has to answer for. */
export interface Need {
  readonly at: Instant;
  /** Open seconds of the longest target that is counted on it. */
  readonly longest: number;
}

/** The longest target that a desk counts on a calendar, in open seconds. */
export function longestTarget(policies: readonly PolicyLine[], calendarId: string): number {
  const targets = policies.filter((line) => line.calendar === calendarId).flatMap((line) => Object.values(line.targets));
  return Math.max(0, ...targets.map((target) => (target !== 'NONE' && 'within' in target ? parseDuration(target.within) : 0)));
}

/** A calendar with its public holidays. @param from the year to begin with, where older ones are known to be needed */
export function coveredCalendar(spec: CalendarSpec, imported: ImportedDates, need: Need, from?: number): CoveredCalendar {
  const plain = resolveCalendar(spec, imported);
  if (spec.holidays === undefined) return { ...plain, ...ALL_YEARS };
  const year = yearOf(need.at);
  const firstYear = Math.max(Math.min(from ?? year, year - YEARS_BACK), FIRST_YEAR);
  const lastYear = Math.max(Math.min(year + YEARS_AHEAD, LAST_YEAR), firstYear);
  const filled = withYears(plain, holidayYears(spec.holidays, firstYear, lastYear));
  let covered: CoveredCalendar = { ...filled, coversFrom: firstYear, coversTo: lastYear };
  for (let more = yearsAhead(spec, covered, need); more !== undefined; more = yearsAhead(spec, covered, need)) {
    covered = extended(covered, more);
  }
  return covered;
}

/** The years to add now, so that nothing can be due in a year without holidays; none where there are enough. */
export function yearsAhead(spec: CalendarSpec, calendar: CoveredCalendar, need: Need): HolidayYears | undefined {
  if (spec.holidays === undefined || calendar.coversTo >= LAST_YEAR) return undefined;
  // Holidays that are not filled in yet only make it later: what is added is looked at again.
  const latest = latestYear(calendar, need);
  return calendar.coversTo < latest + REFILL_AHEAD ? yearsTowards(spec, calendar, latest + YEARS_AHEAD) : undefined;
}

/** The years to add so that this one is covered, with those in between; none where it is, or the source ends before. */
export function yearsTowards(spec: CalendarSpec, { coversFrom, coversTo }: Coverage, year: number): HolidayYears | undefined {
  if (spec.holidays === undefined) return undefined;
  const first = Math.max(year, FIRST_YEAR);
  const last = Math.min(year, LAST_YEAR);
  if (first < coversFrom) return holidayYears(spec.holidays, first, coversFrom - 1);
  return last > coversTo ? holidayYears(spec.holidays, coversTo + 1, last) : undefined;
}

/** The same calendar with more years. What it said of the years it had stays as it is, so nothing that was computed changes. */
export function extended<C extends CoveredCalendar>(calendar: C, years: HolidayYears): C {
  const coversFrom = Math.min(calendar.coversFrom, years.firstYear);
  const coversTo = Math.max(calendar.coversTo, years.lastYear);
  return { ...calendar, ...withYears(calendar, years), coversFrom, coversTo };
}

/** The year in which the longest target would be due that starts now. */
function latestYear({ definition }: CoveredCalendar, { at, longest }: Need): number {
  try {
    return yearOf(addOpenTime(compileCalendar(definition), at, longest));
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'INVALID') return LAST_YEAR;
    throw error;
  }
}

export function yearOf(at: Instant): number {
  return fromEpochSeconds(at).getUTCFullYear();
}

function startOf(year: number): Instant {
  return Date.UTC(year, 0, 1) / 1000;
}

import type { CalendarDefinition, WindowDefinition } from '#kernel/business-time/definition.js';
import { holidayExceptions } from '#kernel/business-time/holidays.js';
import type { CalendarSpec, HolidaySpec } from '#kernel/desk/timing.js';

/** Exceptions that came as an iCalendar file and are in no desk file. */
export interface ImportedDates {
  readonly exceptions: Readonly<Record<string, readonly WindowDefinition[]>>;
  readonly names: Readonly<Record<string, string>>;
}

/** A calendar as it counts: every exception a date of its own. */
export interface ResolvedCalendar {
  readonly definition: CalendarDefinition;
  /** `YYYY-MM-DD` → name, of public holidays and of imported dates. */
  readonly holidays: Readonly<Record<string, string>>;
  /** Package and version the public holidays come from, several where years were added later; empty without any. */
  readonly holidaySource: string;
}

/** The public holidays of a run of years, both included. */
export interface HolidayYears {
  readonly firstYear: number;
  readonly lastYear: number;
  readonly exceptions: Readonly<Record<string, readonly WindowDefinition[]>>;
  readonly holidays: Readonly<Record<string, string>>;
  readonly holidaySource: string;
}

/** A desk's calendar without public holidays. On one date the desk's own exception comes before an imported one. */
export function resolveCalendar(spec: CalendarSpec, imported: ImportedDates): ResolvedCalendar {
  const { tz, weekly, exceptions } = spec;
  const definition = { tz, weekly, exceptions: { ...imported.exceptions, ...exceptions } };
  return { definition, holidays: imported.names, holidaySource: '' };
}

/** @throws DomainError INVALID `INVALID_HOLIDAYS` */
export function holidayYears(choice: HolidaySpec, firstYear: number, lastYear: number): HolidayYears {
  const { windows = [], ...rest } = choice;
  const { dates, source, version } = holidayExceptions(rest, firstYear, lastYear);
  const exceptions = Object.fromEntries(Object.keys(dates).map((date) => [date, windows]));
  return { firstYear, lastYear, exceptions, holidays: dates, holidaySource: `${source}@${version}` };
}

/** What a calendar says of a date already comes before a holiday. */
export function withYears(calendar: ResolvedCalendar, years: HolidayYears): ResolvedCalendar {
  const { definition, holidays, holidaySource } = calendar;
  const sources = new Set([...holidaySource.split(', '), years.holidaySource].filter((source) => source !== ''));
  return {
    definition: { ...definition, exceptions: { ...years.exceptions, ...definition.exceptions } },
    holidays: { ...years.holidays, ...holidays },
    holidaySource: [...sources].join(', '),
  };
}

import type { CalendarDefinition, WindowDefinition } from '#kernel/business-time/definition.js';
import { holidayExceptions } from '#kernel/business-time/holidays.js';
import type { CalendarSpec } from '#kernel/desk/timing.js';

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
  /** Package and version the public holidays come from; empty without any. */
  readonly holidaySource: string;
}

/**
 * Fills a desk's calendar with its public holidays of these years. On one date the desk's own exception comes before an
 * imported one, and both before a holiday.
 * @throws DomainError INVALID `INVALID_HOLIDAYS`
 */
export function resolveCalendar(
  spec: CalendarSpec,
  imported: ImportedDates,
  years: { readonly from: number; readonly to: number },
): ResolvedCalendar {
  const { tz, weekly, exceptions = {} } = spec;
  if (spec.holidays === undefined) {
    const all = { ...imported.exceptions, ...exceptions };
    return { definition: { tz, weekly, exceptions: all }, holidays: imported.names, holidaySource: '' };
  }
  const { windows = [], ...choice } = spec.holidays;
  const { dates, source, version } = holidayExceptions(choice, years.from, years.to);
  const closed = Object.fromEntries(Object.keys(dates).map((date) => [date, windows]));
  return {
    definition: { tz, weekly, exceptions: { ...closed, ...imported.exceptions, ...exceptions } },
    holidays: { ...dates, ...imported.names },
    holidaySource: `${source}@${version}`,
  };
}

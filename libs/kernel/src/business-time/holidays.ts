import { createRequire } from 'node:module';
import Holidays, { type HolidaysTypes } from 'date-holidays';
import { invalid, type Violation } from '../errors.js';
import { DAY_SECONDS, formatDate, parseDate } from './wall-time.js';

const SOURCE = 'date-holidays';
const manifest = createRequire(import.meta.url)(`${SOURCE}/package.json`) as { version: string };
/** A day of a holiday that summer time cuts to 23 hours is a whole one. */
const SHORTEST_DAY = 23 / 24;

export type HolidayType = HolidaysTypes.HolidayType;

export interface HolidayChoice {
  /** ISO 3166-1 code, such as `DE`. */
  readonly country: string;
  /** A subdivision as in ISO 3166-2 without the country: `BY`; a part of one by a further code: `BY-A`. */
  readonly region?: string;
  /** Default: `['public']`. */
  readonly types?: readonly HolidayType[];
  /** ISO 639-1 language of the names; default: the country's own. */
  readonly language?: string;
  /** The desk's own dates, `YYYY-MM-DD`. */
  readonly add?: readonly string[];
  /** Holidays on which the desk works all the same. */
  readonly remove?: readonly string[];
}

export interface HolidayDates {
  /** Whole days by date, with their names: the dates to close. */
  readonly dates: Readonly<Record<string, string>>;
  /** Holidays of less than a day (from noon of 31 December): for the desk to decide on. */
  readonly partial: Readonly<Record<string, string>>;
  /** The package the dates come from and its version: stored with the calendar. */
  readonly source: string;
  readonly version: string;
}

/**
 * Public holidays of a country or region in the years `fromYear` to `toYear`, both included, in date order.
 * @throws DomainError INVALID `INVALID_HOLIDAYS`: unknown country or region, bad dates or years; every fault at once
 */
export function holidayExceptions(choice: HolidayChoice, fromYear: number, toYear: number): HolidayDates {
  const faults: Violation[] = [];
  const added = readDates(choice.add ?? [], 'add', faults);
  const removed = new Set(readDates(choice.remove ?? [], 'remove', faults));
  checkYears(fromYear, toYear, faults);
  const holidays = openSource(choice, faults);
  if (holidays === undefined || faults.length > 0) throw invalid(faults, 'INVALID_HOLIDAYS');

  const types: readonly HolidayType[] = choice.types ?? ['public'];
  const dates = new Map<string, string>();
  const partial = new Map<string, string>();
  const first = `${fromYear}-01-01`;
  const last = `${toYear}-12-31`;
  const note = (into: Map<string, string>, date: string, name: string): void => {
    if (date < first || date > last || removed.has(date)) return;
    const known = into.get(date);
    into.set(date, known === undefined || known === name ? name : `${known} / ${name}`);
  };
  // One year earlier as well: a holiday of several days may run into January.
  for (let year = fromYear - 1; year <= toYear; year++) {
    for (const holiday of holidays.getHolidays(year, choice.language)) {
      if (!types.includes(holiday.type)) continue;
      // `date` is the local date; `start` and `end` are instants of the country's zone.
      const date = holiday.date.slice(0, 10);
      const length = (holiday.end.getTime() - holiday.start.getTime()) / (DAY_SECONDS * 1000);
      const days = Math.floor(length + 1 - SHORTEST_DAY);
      if (days === 0) note(partial, date, holiday.name);
      for (let day = 0; day < days; day++) note(dates, formatDate(parseDate(date)! + day), holiday.name);
    }
  }
  for (const date of added) note(dates, date, 'Closed');
  return { dates: inOrder(dates), partial: inOrder(partial), source: SOURCE, version: manifest.version };
}

function openSource(choice: HolidayChoice, faults: Violation[]): Holidays | undefined {
  const [state, part, ...rest] = choice.region === undefined ? [] : choice.region.split('-');
  const all = new Holidays();
  if (!Object.hasOwn(all.getCountries(), choice.country)) {
    faults.push({ field: 'country', description: `no holidays are known for ${JSON.stringify(choice.country)}` });
    return undefined;
  }
  const stateKnown = state === undefined || Object.hasOwn(all.getStates(choice.country) ?? {}, state);
  const partKnown =
    part === undefined || (stateKnown && Object.hasOwn(all.getRegions(choice.country, state ?? '') ?? {}, part));
  if (!stateKnown || !partKnown || rest.length > 0) {
    faults.push({ field: 'region', description: `${choice.country} has no region ${JSON.stringify(choice.region)}` });
    return undefined;
  }
  return new Holidays({
    country: choice.country,
    ...(state === undefined ? {} : { state }),
    ...(part === undefined ? {} : { region: part }),
  });
}

function readDates(dates: readonly string[], field: string, faults: Violation[]): readonly string[] {
  dates.forEach((date, index) => {
    if (parseDate(date) === undefined) {
      const description = `${JSON.stringify(date)} is not a date of the form YYYY-MM-DD`;
      faults.push({ field: `${field}[${index}]`, description });
    }
  });
  return dates;
}

function checkYears(fromYear: number, toYear: number, faults: Violation[]): void {
  const sound = Number.isInteger(fromYear) && Number.isInteger(toYear) && fromYear >= 1970 && toYear <= 2100;
  if (!sound || fromYear > toYear) {
    faults.push({ field: 'years', description: 'must be a span of years from 1970 to 2100' });
  }
}

function inOrder(dates: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...dates].sort(([a], [b]) => (a < b ? -1 : 1)));
}

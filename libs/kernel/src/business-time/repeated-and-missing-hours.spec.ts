import { compileCalendar } from './calendar.js';
import { addOpenTime, openIntervals, openSecondsBetween } from './open-time.js';

// Berlin: 02:00 to 03:00 does not exist on 29 March 2026 and comes twice on 25 October.

const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

function daily(open: string, close: string) {
  return compileCalendar({ tz: 'Europe/Berlin', weekly: Object.fromEntries(WEEK.map((day) => [day, [[open, close]]])) });
}

function openOn(date: string, open: string, close: string): string[] {
  const noon = Date.parse(`${date}T12:00Z`) / 1000;
  const intervals = [...openIntervals(daily(open, close), noon - 15 * 3600, noon)];
  return intervals.map(({ from, to }) => [from, to].map((at) => new Date(at * 1000).toISOString().slice(11, 16)).join(' '));
}

describe('wall times that come twice or not at all', () => {
  it.each([
    ['an opening in a gap is the end of the gap', '2026-03-29', '02:30', '04:00', '01:00 02:00'],
    ['a closing in a gap is the end of the gap', '2026-03-29', '01:30', '02:30', '00:30 01:00'],
    ['an opening in a repeated hour is its first occurrence', '2026-10-25', '02:30', '04:00', '00:30 03:00'],
    ['a closing in a repeated hour is its last occurrence', '2026-10-25', '01:30', '02:30', '23:30 01:30'],
  ])('%s', (_, date, open, close, utc) => {
    expect(openOn(date, open, close)).toEqual([utc]);
  });

  it('a closure of a whole year is passed over in one', () => {
    const days = Array.from({ length: 365 }, (_, day) => new Date(Date.UTC(2027, 0, 1 + day)).toISOString().slice(0, 10));
    const weekly = Object.fromEntries(WEEK.map((day) => [day, [['09:00', '17:00'] as const]]));
    const calendar = compileCalendar({ tz: 'UTC', weekly, exceptions: Object.fromEntries(days.map((date) => [date, []])) });
    const [eve, after] = [Date.parse('2026-12-31T16:00Z') / 1000, Date.parse('2028-01-01T10:00Z') / 1000];
    expect(addOpenTime(calendar, eve, 2 * 3600)).toBe(after);
    expect(openSecondsBetween(calendar, eve, after)).toBe(2 * 3600);
  });
});

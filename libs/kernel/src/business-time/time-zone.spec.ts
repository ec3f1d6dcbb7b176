import { Temporal } from '@js-temporal/polyfill';
import { TimeZone, timeZoneDataVersion, type OffsetSpan } from './time-zone.js';

function spansOf(name: string, from: string, to: string): string[] {
  const spans: OffsetSpan[] = TimeZone.named(name)!.spans(Date.parse(from) / 1000, Date.parse(to) / 1000);
  const inside = spans.filter(({ start }) => start * 1000 >= Date.parse(from) && start * 1000 < Date.parse(to));
  return inside.map(({ start, offset }) => `${new Date(start * 1000).toISOString()} ${offset}`);
}

describe('time zones', () => {
  it('keeps two changes within a week apart: Boa Vista, October 2000', () => {
    expect(spansOf('America/Boa_Vista', '2000-09-01', '2000-12-01')).toEqual([
      '2000-10-08T04:00:00.000Z -10800',
      '2000-10-15T03:00:00.000Z -14400',
    ]);
  });

  it('knows local mean time to the second: Kathmandu until 1920', () => {
    expect(spansOf('Asia/Kathmandu', '1915-01-01', '1990-01-01')).toEqual([
      '1919-12-31T18:18:44.000Z 19800',
      '1985-12-31T18:30:00.000Z 20700',
    ]);
    expect(TimeZone.named('Asia/Kathmandu')!.offsetAt(Date.parse('1910-01-01') / 1000)).toBe(20_476);
    expect(TimeZone.named('America/New_York')!.offsetAt(Date.parse('1880-01-01') / 1000)).toBe(-17_762);
  });

  it.each(['Europe/Dublin', 'Australia/Lord_Howe', 'America/St_Johns', 'Africa/Cairo'])(
    'has the changes of %s that Temporal has, and the spans join',
    (name) => {
      const [from, to] = ['1995-01-01T00:00Z', '2036-01-01T00:00Z'];
      const expected: string[] = [];
      let at = Temporal.Instant.from(from).toZonedDateTimeISO(name).getTimeZoneTransition('next');
      while (at !== null && at.epochMilliseconds < Date.parse(to)) {
        expected.push(`${new Date(at.epochMilliseconds).toISOString()} ${at.offsetNanoseconds / 1e9}`);
        at = at.getTimeZoneTransition('next');
      }
      expect(spansOf(name, from, to)).toEqual(expected);
      expect(expected.length).toBeGreaterThan(20);
      const spans = TimeZone.named(name)!.spans(Date.parse(from) / 1000, Date.parse(to) / 1000);
      expect(spans.map(({ start }) => start)).toEqual([-Infinity, ...spans.slice(0, -1).map(({ end }) => end)]);
      expect(spans.at(-1)!.end).toBe(Infinity);
    },
  );

  it('names the version of its data', () => {
    expect(timeZoneDataVersion()).toMatch(/^(20\d\d[a-z]|icu-\d+)/);
  });
});

import { nextPublicHoliday, quietWeek } from './time.js';

const BERLIN = 'Europe/Berlin';
const at = (text: string): Date => new Date(text);

describe('quietWeek', () => {
  it('is the next one that begins', () => {
    const week = quietWeek(at('2026-11-18T12:00:00Z'), BERLIN, 2);
    expect(week.at('Mon 09:00')).toEqual(at('2026-11-23T08:00:00Z'));
    expect(week.at('Sun 24:00')).toEqual(at('2026-11-29T23:00:00Z'));
    expect(week.at('Tue 10:30', 1)).toEqual(at('2026-12-01T09:30:00Z'));
  });

  it('never begins now', () => {
    const week = quietWeek(at('2026-11-23T08:00:00Z'), BERLIN, 1);
    expect(week.at('Mon 09:00')).toEqual(at('2026-11-30T08:00:00Z'));
  });

  it('leaves out holidays and changes of the clocks, in the following weeks too', () => {
    expect(quietWeek(at('2026-12-15T00:00:00Z'), BERLIN, 1).at('Mon 00:00')).toEqual(at('2027-01-03T23:00:00Z'));
    expect(quietWeek(at('2026-12-09T00:00:00Z'), BERLIN, 2).at('Mon 00:00')).toEqual(at('2027-01-03T23:00:00Z'));
    expect(quietWeek(at('2027-10-20T00:00:00Z'), BERLIN, 1).at('Mon 00:00')).toEqual(at('2027-10-31T23:00:00Z'));
    expect(quietWeek(at('2027-03-05T00:00:00Z'), 'America/New_York', 1).at('Mon 00:00')).toEqual(at('2027-03-15T04:00:00Z'));
  });

  it('does not know what is no weekday', () => {
    expect(() => quietWeek(at('2026-11-18T12:00:00Z'), BERLIN, 1).at('Monday 09:00')).toThrow(RangeError);
  });
});

describe('nextPublicHoliday', () => {
  it('lies between two ordinary days of the same week', () => {
    const holiday = nextPublicHoliday(at('2027-04-10T00:00:00Z'), BERLIN);
    expect(holiday.at('10:00')).toEqual(at('2027-05-06T08:00:00Z'));
    expect(holiday.nextBusinessDay('24:00')).toEqual(at('2027-05-07T22:00:00Z'));
  });
});

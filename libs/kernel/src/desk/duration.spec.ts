import { isDuration, parseDuration } from './duration.js';

describe('parseDuration', () => {
  it.each([
    ['PT60S', 60],
    ['PT10M', 600],
    ['PT8H', 28_800],
    ['PT72H', 259_200],
    ['P30D', 2_592_000],
    ['P1W', 604_800],
    ['P1DT12H30M', 131_400],
    ['PT0S', 0],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', 'P', 'PT', 'P1M', 'P1Y', 'PT1.5H', '-PT1H', 'PT', 'P1DT', '8h', 'PT1H ', 'pt1h'])(
    'refuses %j',
    (text) => {
      expect(isDuration(text)).toBe(false);
      expect(() => parseDuration(text)).toThrow(RangeError);
    },
  );
});

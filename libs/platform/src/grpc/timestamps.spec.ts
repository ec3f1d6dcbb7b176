import fc from 'fast-check';
import { fromTimestamp, toTimestamp, toTimestampOrNull } from './timestamps.js';

describe('timestamps', () => {
  it('keep the millisecond, before 1970 too', () => {
    expect(toTimestamp(new Date('2026-03-02T09:00:00.250Z'))).toEqual({ seconds: '1772442000', nanos: 250_000_000 });
    expect(toTimestamp(new Date(-1))).toEqual({ seconds: '-1', nanos: 999_000_000 });
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        const { nanos } = toTimestamp(date);
        expect(nanos).toBeGreaterThanOrEqual(0);
        expect(fromTimestamp(toTimestamp(date))).toEqual(date);
      }),
    );
  });

  it('are null for what has not happened', () => {
    expect(toTimestampOrNull(undefined)).toBeNull();
  });
});

import { isIdle, type KeyDates, planRotation } from './signing-keys.js';

const policy = { periodMs: 1000, keepRetiredMs: 100 };
const at = (milliseconds: number): Date => new Date(milliseconds);
const key = (kid: string, activeFrom: number | null, retiredAt: number | null = null): KeyDates => ({
  kid,
  activeFrom: activeFrom === null ? null : at(activeFrom),
  retiredAt: retiredAt === null ? null : at(retiredAt),
});

describe('the rotation of signing keys', () => {
  it('begins with a current key and the next', () => {
    expect(planRotation([], at(0), policy)).toEqual({
      retire: null,
      activate: null,
      createCurrent: true,
      createNext: true,
      remove: [],
    });
  });

  it('does nothing before the time is over', () => {
    expect(isIdle(planRotation([key('a', 0), key('b', null)], at(999), policy))).toBe(true);
  });

  it('replaces the current key by the next at the end of its time', () => {
    expect(planRotation([key('a', 0), key('b', null)], at(1000), policy)).toEqual({
      retire: 'a',
      activate: 'b',
      createCurrent: false,
      createNext: true,
      remove: [],
    });
  });

  it('makes a next key where it is missing', () => {
    expect(planRotation([key('a', 0)], at(10), policy)).toMatchObject({ retire: null, createCurrent: false, createNext: true });
  });

  it('removes a retired key when no token of it can live', () => {
    const keys = [key('a', 0, 1000), key('b', 1000), key('c', null)];
    expect(planRotation(keys, at(1099), policy).remove).toEqual([]);
    expect(planRotation(keys, at(1100), policy).remove).toEqual(['a']);
  });
});

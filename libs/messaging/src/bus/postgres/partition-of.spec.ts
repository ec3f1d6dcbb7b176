import { newId } from '#kernel/ids.js';
import { partitionOf } from './partition-of.js';

describe('the partition of a key', () => {
  it('never changes: processes of every version agree on it', () => {
    const keys = ['0199b1d0-0000-7000-8000-0000000000aa', '0199b1d0-0000-7000-8000-0000000000ab', 'a', ''];
    expect(keys.map((key) => partitionOf(key, 6))).toEqual([2, 5, 4, 1]);
  });

  it('spreads ids evenly', () => {
    const counts = Array.from({ length: 6 }, () => 0);
    for (let i = 0; i < 6_000; i += 1) counts[partitionOf(newId(), 6)]! += 1;
    for (const count of counts) expect(count).toBeGreaterThan(800);
  });
});

import { type Outcome, outcomeTable, summary } from './outcomes.js';

const OUTCOMES: readonly Outcome[] = [
  { id: 'FLT-1', title: 'every clock runs', outcome: 'passed', milliseconds: 1_240 },
  { id: 'FLT-3', title: 'notices', outcome: 'missing' },
  { id: 'FLT-4', title: 'splitting', outcome: 'missing' },
  { id: 'FLT-5', title: 'the title', outcome: 'failed', milliseconds: 90, error: 'the title: expected "a", got "b"' },
];

describe('the outcomes of a run', () => {
  it('count a rule that nothing shows as skipped', () => {
    expect(summary(OUTCOMES)).toBe('1 passed, 1 failed, 2 skipped');
    expect(summary([])).toBe('0 passed, 0 failed, 0 skipped');
  });

  it('are a table with a line a rule and the reason of a failure', () => {
    const lines = outcomeTable(OUTCOMES).split('\n');
    const line = (words: string): string => lines.find((text) => text.includes(words)) ?? '';
    expect(line('FLT-1')).toMatch(/FLT-1 .*every clock runs .*passed .*1\.2/);
    expect(line('FLT-3')).toMatch(/FLT-3 .*notices .*missing/);
    expect(line('FLT-5')).toMatch(/FLT-5 .*the title .*failed .*0\.1/);
    expect(line('expected "a", got "b"')).not.toBe('');
  });
});

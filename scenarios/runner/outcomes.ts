import Table from 'cli-table3';

export interface Outcome {
  readonly id: string;
  readonly title: string;
  /** Missing: no scenario shows this rule. */
  readonly outcome: 'passed' | 'failed' | 'missing';
  readonly milliseconds?: number;
  /** Why it failed. */
  readonly error?: string;
}

/** The last line: a rule that nothing shows counts as skipped. */
export function summary(outcomes: readonly Outcome[]): string {
  const count = (wanted: Outcome['outcome']): number => outcomes.filter(({ outcome }) => outcome === wanted).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('missing')} skipped`;
}

export function outcomeTable(outcomes: readonly Outcome[]): string {
  const table = new Table({
    head: ['rule', '', 'outcome', 'seconds'],
    colWidths: [8, 84, 10, 9],
    colAligns: ['left', 'left', 'left', 'right'],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { id, title, outcome, milliseconds, error } of outcomes) {
    table.push([id, error ? `${title}\n${error}` : title, outcome, milliseconds === undefined ? '' : seconds(milliseconds)]);
  }
  return table.toString();
}

export function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}

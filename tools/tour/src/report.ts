/** The first thing that is not so ends the tour. */
export class NotSo extends Error {}

/** Prints what is done as it is done; figures and ids beside it. */
export class Report {
  private steps = 0;

  constructor(private readonly json: boolean) {}

  chapter(title: string): void {
    if (!this.json) console.log(`\n${title}`);
  }

  /** Does one step and prints what it gave; `facts` are shown with it. */
  async step<T>(title: string, work: () => Promise<T>, facts: (result: T) => object = () => ({})): Promise<T> {
    const started = performance.now();
    const result = await work();
    this.steps += 1;
    const milliseconds = Math.round(performance.now() - started);
    const shown = facts(result);
    if (this.json) {
      console.log(JSON.stringify({ step: this.steps, title, ...shown, milliseconds }));
    } else {
      const text = Object.entries(shown).map(([key, value]) => `${key} ${String(value)}`);
      console.log(`  ${String(this.steps).padStart(2)}. ${title}${text.length > 0 ? ` – ${text.join(', ')}` : ''}`);
    }
    return result;
  }

  get count(): number {
    return this.steps;
  }
}

export function expect(holds: boolean, what: string): void {
  if (!holds) throw new NotSo(what);
}

/** The value, or the end of the tour. */
export function given<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new NotSo(`${what} is missing`);
  return value;
}

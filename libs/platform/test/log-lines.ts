/** Where a log under test writes to. */
export class LogLines {
  private readonly lines: Array<Record<string, unknown>> = [];

  write(line: string): void {
    this.lines.push(JSON.parse(line) as Record<string, unknown>);
  }

  find(matches: (line: Record<string, unknown>) => boolean): Record<string, unknown> | undefined {
    return this.lines.find(matches);
  }

  some(matches: (line: Record<string, unknown>) => boolean): boolean {
    return this.lines.some(matches);
  }

  all(): ReadonlyArray<Record<string, unknown>> {
    return this.lines;
  }
}

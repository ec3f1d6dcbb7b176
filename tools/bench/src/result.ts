export interface BenchmarkResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value is measured against, in the same run and unit. */
  readonly baseline: number;
  /** value / baseline */
  readonly ratio: number;
  readonly goal: string;
  readonly met: boolean;
  /** Figures behind it, for people: CPU per request, ranges. */
  readonly details?: Readonly<Record<string, number | string>>;
}

import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  /** So many are done now. */
  reach(count: number): void;
  stop(): void;
}

/** A bar on a terminal, else a line every few seconds; on standard error, so that standard output stays the result's. */
export function startProgress(what: string, total: number): Progress {
  const format = process.stderr.isTTY ? `${what} {bar} {value}/{total} {eta_formatted}` : `${what} {value}/{total}`;
  const bar = new SingleBar(
    { format, stream: process.stderr, noTTYOutput: true, notTTYSchedule: 5_000 },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return { reach: (count) => bar.update(count), stop: () => bar.stop() };
}

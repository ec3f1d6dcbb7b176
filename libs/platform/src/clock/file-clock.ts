import { readFileSync } from 'node:fs';
import { Clock } from '#kernel/clock.js';

/**
 * A clock that a file moves: `{"offsetMs": n}` is added to the system's time. The file is read at each `now()`, so that
 * all processes that share it see a move at their next look. No file means no offset.
 */
export class FileClock extends Clock {
  private offsetMs = 0;

  constructor(private readonly path: string) {
    super();
  }

  now(): Date {
    this.offsetMs = this.readOffset();
    return new Date(Date.now() + this.offsetMs);
  }

  private readOffset(): number {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
      throw error;
    }
    try {
      const { offsetMs } = JSON.parse(text) as { offsetMs?: unknown };
      return typeof offsetMs === 'number' && Number.isFinite(offsetMs) ? offsetMs : this.offsetMs;
    } catch {
      return this.offsetMs; // caught in the middle of being written: what it said before still holds
    }
  }
}

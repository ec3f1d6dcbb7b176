import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { Clock } from '#kernel/clock.js';
import { settings } from './settings.js';
import type { Store } from './store.js';

const clockFile = z.object({ offsetMs: z.number() });

/**
 * Real time and an offset. With a clock file the offset is what the file says at each look, so that several processes
 * share one notion of now; without one it is part of the sandbox's state.
 */
export class SandboxClock extends Clock {
  private lastSeen = 0;

  constructor(
    private readonly store: Store,
    private readonly file: string | undefined,
  ) {
    super();
  }

  now(): Date {
    return new Date(Date.now() + this.offsetMs());
  }

  seconds(): number {
    return Math.floor(this.now().getTime() / 1000);
  }

  /** Moves every process that shares the clock file, or the sandbox alone where there is none. */
  moveTo(instant: Date): void {
    const offsetMs = instant.getTime() - Date.now();
    if (this.file === undefined) {
      this.store.put('settings', { ...settings(this.store), clock_offset_ms: offsetMs });
      return;
    }
    writeFileSync(`${this.file}.new`, JSON.stringify({ offsetMs }));
    renameSync(`${this.file}.new`, this.file);
  }

  private offsetMs(): number {
    if (this.file === undefined) return settings(this.store).clock_offset_ms;
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return (this.lastSeen = 0);
    }
    try {
      this.lastSeen = clockFile.parse(JSON.parse(text)).offsetMs;
    } catch {
      // Another process may be half-way through writing it: what it said before holds until it is whole again.
    }
    return this.lastSeen;
  }
}

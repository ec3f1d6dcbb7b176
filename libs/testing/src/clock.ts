import { Clock } from '#kernel/clock.js';

/** A clock that stands still until a test moves it. */
export class MutableClock extends Clock {
  private instant: number;

  constructor(start: Date | string = '2026-03-02T09:00:00Z') {
    super();
    this.instant = new Date(start).getTime();
  }

  now(): Date {
    return new Date(this.instant);
  }

  set(instant: Date | string): void {
    this.instant = new Date(instant).getTime();
  }

  advance(milliseconds: number): void {
    this.instant += milliseconds;
  }
}

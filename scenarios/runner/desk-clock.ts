import type { StackUnderUse } from '#testing/stack/stack-under-use.js';
import { milliseconds, nextPublicHoliday, type PublicHoliday, quietWeek, type Span, type Week } from './time.js';

/** The clock that all services share, read in a desk's time zone. It is moved forwards only. */
export class DeskClock {
  constructor(
    private readonly use: StackUnderUse,
    private readonly zone: string,
    /** Waits until the services have followed. */
    private readonly follow: () => Promise<void>,
  ) {}

  now(): Date {
    return this.use.clock.now();
  }

  async to(instant: Date): Promise<void> {
    this.use.moveClockTo(instant);
    await this.follow();
  }

  async advance(span: Span): Promise<void> {
    this.use.advanceClock(milliseconds(span));
    await this.follow();
  }

  /** The next week without holidays and changes of the clocks, nor in the `weeks` it is the first of. */
  quietWeek(weeks = 2): Week {
    return quietWeek(this.now(), this.zone, weeks);
  }

  publicHoliday(): PublicHoliday {
    return nextPublicHoliday(this.now(), this.zone);
  }
}

import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Outage } from '#messaging/outage.js';
import { newContext, runInContext } from '#platform/context.js';
import { FireTimers } from './fire-timers.js';
import { RecomputeStale } from './recompute-stale.js';
import { TimerMetrics } from './timer-metrics.js';

/** How late a timer may be noticed; also how soon a clock that was moved is. */
const LOOK_EVERY_MS = 200;
const TIMERS_AT_ONCE = 500;
/** While one batch is in the database the next one is made ready. */
const BATCHES_AT_ONCE = 2;
const RULES_EVERY_MS = 500;
const TICKETS_AT_ONCE = 100;

/** What the service does by itself. Any number of replicas may: each takes what no other has taken. */
@Injectable()
export class Scheduler implements BeforeApplicationShutdown {
  private readonly logger = new Logger(Scheduler.name);
  private readonly timersOutage = new Outage(this.logger, 'timers cannot be fired');
  private readonly rulesOutage = new Outage(this.logger, 'tickets cannot be computed with new rules');
  private firing?: Promise<void>;
  private recomputing?: Promise<void>;
  private stopping = false;

  constructor(
    private readonly timers: FireTimers,
    private readonly stale: RecomputeStale,
    private readonly metrics: TimerMetrics,
  ) {}

  @Interval(LOOK_EVERY_MS)
  fire(): void {
    if (this.stopping) return;
    this.firing ??= this.fireAll().finally(() => (this.firing = undefined));
  }

  @Interval(RULES_EVERY_MS)
  followRules(): void {
    if (this.stopping) return;
    this.recomputing ??= this.recomputeAll().finally(() => (this.recomputing = undefined));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await Promise.all([this.firing, this.recomputing]);
  }

  private async fireAll(): Promise<void> {
    try {
      if (!(await this.fireBatch())) return this.timersOutage.over();
      const ended = await Promise.allSettled(Array.from({ length: BATCHES_AT_ONCE }, () => this.fireOn()));
      const failed = ended.find((end) => end.status === 'rejected');
      if (failed) throw failed.reason;
      this.timersOutage.over();
    } catch (error) {
      this.timersOutage.failed(error);
    }
  }

  private async fireOn(): Promise<void> {
    while (!this.stopping && (await this.fireBatch()));
  }

  /** Answers whether there may be more. */
  private async fireBatch(): Promise<boolean> {
    const batch = await runInContext(newContext('timers'), () => this.timers.execute(TIMERS_AT_ONCE));
    this.metrics.observe(batch.fired, batch.at);
    return batch.more;
  }

  private async recomputeAll(): Promise<void> {
    try {
      for (let tickets = 1; tickets > 0 && !this.stopping; ) {
        tickets = await runInContext(newContext('rules'), () => this.stale.execute(TICKETS_AT_ONCE));
      }
      this.rulesOutage.over();
    } catch (error) {
      this.rulesOutage.failed(error);
    }
  }
}

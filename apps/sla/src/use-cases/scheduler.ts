import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Outage } from '#messaging/outage.js';
import { newContext, runInContext } from '#platform/context.js';
import { BackgroundWork } from './background-work.js';
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
  private readonly firing = new BackgroundWork('timers', new Outage(this.logger, 'timers cannot be fired'), () => this.fireAll());
  private readonly recomputing = new BackgroundWork(
    'rules',
    new Outage(this.logger, 'tickets cannot be computed with new rules'),
    () => this.recomputeAll(),
  );

  constructor(
    private readonly timers: FireTimers,
    private readonly stale: RecomputeStale,
    private readonly metrics: TimerMetrics,
  ) {}

  @Interval(LOOK_EVERY_MS)
  fire(): void {
    this.firing.begin();
  }

  @Interval(RULES_EVERY_MS)
  followRules(): void {
    this.recomputing.begin();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.firing.stop(), this.recomputing.stop()]);
  }

  private async fireAll(): Promise<void> {
    if (!(await this.fireBatch())) return;
    const ended = await Promise.allSettled(Array.from({ length: BATCHES_AT_ONCE }, () => this.fireOn()));
    const failed = ended.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private async fireOn(): Promise<void> {
    while (!this.firing.stopping && (await this.fireBatch()));
  }

  /** Answers whether there may be more. */
  private async fireBatch(): Promise<boolean> {
    const batch = await runInContext(newContext('timers'), () => this.timers.execute(TIMERS_AT_ONCE));
    this.metrics.observe(batch.fired, batch.at);
    return batch.more;
  }

  private async recomputeAll(): Promise<void> {
    for (let tickets = 1; tickets > 0 && !this.recomputing.stopping; ) {
      tickets = await runInContext(newContext('rules'), () => this.stale.execute(TICKETS_AT_ONCE));
    }
  }
}

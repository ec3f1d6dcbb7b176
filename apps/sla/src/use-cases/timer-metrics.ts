import { Injectable } from '@nestjs/common';
import { Histogram } from 'prom-client';
import { MetricsRegistry } from '#platform/health/metrics.js';
import type { DueTimer } from '../persistence/timer.repository.js';

@Injectable()
export class TimerMetrics {
  private readonly lateness: Histogram<'kind'>;

  constructor(registry: MetricsRegistry) {
    this.lateness = new Histogram({
      name: 'priolane_sla_timer_lateness_seconds',
      help: 'From the instant a timer was due to the instant it was fired; its _count counts timers',
      labelNames: ['kind'],
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3_600],
      registers: [registry],
    });
  }

  observe(fired: readonly DueTimer[], at: Date): void {
    for (const { kind, dueAt } of fired) this.lateness.observe({ kind }, at.getTime() / 1000 - dueAt);
  }
}

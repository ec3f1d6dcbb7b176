import { epochSeconds } from '#kernel/business-time/dates.js';
import type { Instant } from '../domain/clock.js';
import type { PolicyTimeline } from '../domain/policy-timeline.js';

/**
 * The last second that is over: what happens within the present one may still be in time (SLA-1), so nothing that is due
 * in it is decided yet. It is the rule by which timers fire, too. New rules count from their first second on.
 */
export function decidedUntil(now: Date, { snapshots }: PolicyTimeline): Instant {
  const over = Math.ceil(now.getTime() / 1000) - 1;
  const applied = snapshots.at(-1)?.appliedAt ?? over;
  return applied <= epochSeconds(now) ? Math.max(over, applied) : over;
}

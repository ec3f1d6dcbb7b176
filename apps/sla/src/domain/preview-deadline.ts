import type { TicketTraits } from '#kernel/desk/lookups.js';
import type { Clock, Instant, Target } from './clock.js';
import { computeClocks } from './compute-clocks.js';
import type { PolicyTimeline } from './policy-timeline.js';

export interface Preview {
  readonly clocks: readonly Clock[];
  readonly notPromised: readonly Target[];
}

/** The clocks a ticket of this class would start with. Opened before the oldest snapshot it goes by that one. */
export function previewDeadline(timeline: PolicyTimeline, traits: TicketTraits, openedAt: Instant): Preview {
  // A new ticket waits for us whatever its first status is called: no id, so no pause.
  const facts = [{ kind: 'opened', sequence: 1, at: openedAt, traits, status: '', statusKind: 'NEW' }] as const;
  const { clocks, notPromised } = computeClocks({ facts, timeline, now: openedAt });
  return { clocks, notPromised };
}

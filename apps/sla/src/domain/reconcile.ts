import { isFinished, pendingDue, TARGETS, type Breach, type Clock, type DueReason, type Instant } from './clock.js';
import type { Breached, BreachRevoked, ClockEvent, DueChanged, RevokeReason } from './clock-events.js';
import type { TicketClocks } from './compute-clocks.js';

export interface Reconciliation {
  /** To append, oldest first. */
  readonly events: readonly ClockEvent[];
  /** To store in place of what was recorded; what is recorded and no longer computed stays, cancelled. */
  readonly clocks: readonly Clock[];
}

/**
 * Brings what is recorded of a ticket's clocks up to what is computed. Nothing is taken back but by a further event, and
 * reconciling the stored clocks once more yields nothing. While a fact is missing nothing is recorded at all.
 */
export function reconcile(recorded: readonly Clock[], computed: TicketClocks): Reconciliation {
  if (computed.missingSequence !== undefined) return { events: [], clocks: recorded };
  const known = new Map(recorded.map((clock) => [nameOf(clock), clock]));
  const events: ClockEvent[] = [];
  const clocks: Clock[] = [];
  for (const now of computed.clocks) {
    const was = known.get(nameOf(now));
    known.delete(nameOf(now));
    if (was !== undefined && isSettledUnderOtherData(was, now)) {
      clocks.push(was);
      continue;
    }
    events.push(...changesOf(was, now));
    clocks.push(now);
  }
  for (const gone of known.values()) {
    const cancelled = withdraw(gone);
    events.push(...changesOf(gone, cancelled, 'superseded'));
    clocks.push(cancelled);
  }
  return { events: events.sort(byTime), clocks: clocks.sort(byName) };
}

/** SLA-11: a finished target never changes, not even where newer time-zone data would have had it otherwise. */
function isSettledUnderOtherData(was: Clock, now: Clock): boolean {
  return (
    was.timeZoneDataVersion !== now.timeZoneDataVersion &&
    isFinished(was) &&
    isFinished(now) &&
    was.satisfiedAt === now.satisfiedAt &&
    was.cancelledAt === now.cancelledAt
  );
}

function changesOf(was: Clock | undefined, now: Clock, withdrawn?: RevokeReason): ClockEvent[] {
  const { target, cycle } = now;
  const due = now.dueAt === undefined ? {} : { dueAt: now.dueAt };
  const events: ClockEvent[] = [];
  if ((was && pendingDue(was)) !== pendingDue(now)) events.push(dueChanged(was, now));
  for (const { key, at } of now.warnings) {
    const isKnown = was?.warnings.some((warning) => warning.key === key) ?? false;
    if (!isKnown) events.push({ type: 'clock.warned', target, cycle, ...due, key, occurredAt: at });
  }
  events.push(...breachChanges(was, now, withdrawn));
  const { satisfiedAt } = now;
  const wasMet = was?.state === 'MET' && was.satisfiedAt === satisfiedAt;
  if (now.state === 'MET' && satisfiedAt !== undefined && !wasMet) {
    events.push({ type: 'clock.met', target, cycle, ...due, occurredAt: satisfiedAt, usedSeconds: now.usedSeconds });
  }
  return events;
}

function dueChanged(was: Clock | undefined, now: Clock): DueChanged {
  const oldDueAt = was && pendingDue(was);
  const newDueAt = pendingDue(now);
  const { reason, at } = whyDue(was, now);
  return {
    type: 'clock.due_changed',
    target: now.target,
    cycle: now.cycle,
    ...(oldDueAt === undefined ? {} : { oldDueAt }),
    ...(newDueAt === undefined ? {} : { newDueAt }),
    reason,
    policyId: now.policyId,
    policyVersion: now.policyVersion,
    calendarId: now.calendarId,
    calendarVersion: now.calendarVersion,
    timeZoneDataVersion: now.timeZoneDataVersion,
    occurredAt: at,
  };
}

function whyDue(was: Clock | undefined, now: Clock): { reason: DueReason; at: Instant } {
  if (now.satisfiedAt !== undefined) return { reason: 'met', at: now.satisfiedAt };
  if (now.cancelledAt !== undefined) return { reason: 'cancelled', at: now.cancelledAt };
  const isSameMove = was?.dueChangedAt === now.dueChangedAt && was.dueReason === now.dueReason;
  const otherData = isSameMove && was.timeZoneDataVersion !== now.timeZoneDataVersion;
  return { reason: otherData ? 'time_zone_data' : now.dueReason, at: now.dueChangedAt };
}

function breachChanges(was: Clock | undefined, now: Clock, withdrawn: RevokeReason | undefined): ClockEvent[] {
  const events: ClockEvent[] = [];
  for (const breach of now.breaches) {
    const known = was?.breaches.find((other) => other.at === breach.at);
    const stoodAnew = known?.revokedAt !== undefined && breach.revokedAt === undefined;
    if (known === undefined || stoodAnew) events.push(breached(now, breach));
    if (breach.revokedAt !== undefined && known?.revokedAt === undefined) {
      events.push(revoked(now, breach, breach.revokeReason ?? 'policy_change', breach.revokedAt));
    }
  }
  for (const breach of was?.breaches ?? []) {
    const stillHolds = now.breaches.some((other) => other.at === breach.at);
    if (stillHolds || breach.revokedAt !== undefined) continue;
    const { reason, at } = whyNotBreached(now, breach);
    events.push(revoked(now, breach, withdrawn ?? reason, at));
  }
  return events;
}

/** A recorded breach that, as is known now, never happened. */
function whyNotBreached(now: Clock, breach: Breach): { reason: RevokeReason; at: Instant } {
  if (now.state === 'MET' && now.satisfiedAt !== undefined) {
    return { reason: now.target === 'resolution' ? 'late_resolution' : 'late_reply', at: now.satisfiedAt };
  }
  if (now.state === 'CANCELLED') return { reason: 'cancelled', at: now.cancelledAt ?? now.dueChangedAt };
  const { dueReason, dueChangedAt } = now;
  const byChange = dueReason === 'policy_change' || dueReason === 'calendar_change' || dueReason === 'reopened';
  return byChange
    ? { reason: dueReason, at: dueChangedAt }
    : { reason: 'due_moved', at: Math.max(dueChangedAt, breach.at) };
}

function breached({ target, cycle }: Clock, { at, dueAt, reason }: Breach): Breached {
  return { type: 'clock.breached', target, cycle, dueAt, occurredAt: at, ...(reason === undefined ? {} : { reason }) };
}

function revoked({ target, cycle }: Clock, breach: Breach, reason: RevokeReason, at: Instant): BreachRevoked {
  return {
    type: 'clock.breach_revoked',
    target,
    cycle,
    dueAt: breach.dueAt,
    breachedAt: breach.at,
    occurredAt: at,
    reason,
  };
}

function withdraw(clock: Clock): Clock {
  if (clock.state === 'CANCELLED' && clock.breaches.length === 0) return clock;
  const { satisfiedAt: _satisfied, breachedAt: _breached, breachReason: _reason, ...rest } = clock;
  return { ...rest, state: 'CANCELLED', cancelledAt: clock.cancelledAt ?? clock.startedAt, breaches: [] };
}

function nameOf({ target, cycle }: Clock): string {
  return `${target}/${cycle}`;
}

const ORDER_IN_AN_INSTANT: Readonly<Record<ClockEvent['type'], number>> = {
  'clock.due_changed': 0,
  'clock.warned': 1,
  'clock.breached': 2,
  'clock.breach_revoked': 3,
  'clock.met': 4,
};

function byTime(a: ClockEvent, b: ClockEvent): number {
  return a.occurredAt - b.occurredAt || ORDER_IN_AN_INSTANT[a.type] - ORDER_IN_AN_INSTANT[b.type] || byName(a, b);
}

function byName(a: Pick<Clock, 'target' | 'cycle'>, b: Pick<Clock, 'target' | 'cycle'>): number {
  return TARGETS.indexOf(a.target) - TARGETS.indexOf(b.target) || a.cycle - b.cycle;
}

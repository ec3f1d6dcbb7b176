import type { OnReopen } from '#kernel/desk/timing.js';
import type {
  Breach,
  ChangeReason,
  Clock,
  ClockState,
  DueReason,
  Governance,
  Instant,
  Target,
  Warning,
} from './clock.js';
import { cutOffCovered } from './covered-time.js';
import { OpenTimeLedger, type Stretch, type StretchReason } from './open-time-ledger.js';
import type { Alarm, CompiledLine, TargetPromise } from './policy-timeline.js';
import { changeBetween, governanceOf } from './rule-change.js';

/** Something will happen to a clock by itself. */
export interface PendingInstant {
  readonly kind: 'warn' | 'breach';
  /** Which of the target's warnings; empty for the breach. */
  readonly key: string;
  readonly at: Instant;
}

/**
 * One clock while a ticket's facts are gone through: every call says when it was so, and instants never go back. A clock
 * whose target is not promised runs unseen, so that a later promise finds the time already used (SLA-3).
 */
export class TicketClock {
  private readonly ledger: OpenTimeLedger;
  private readonly breaches: Breach[] = [];
  private readonly warnings: Warning[] = [];
  private promise: TargetPromise | undefined;
  /** What the last promise was, where there is none any more. */
  private lastPromise: TargetPromise | undefined;
  private governance: Governance | undefined;
  private due: Instant | undefined;
  private dueReason: DueReason = 'started';
  private dueChangedAt: Instant;
  /** Since when the present warnings hold: what should have rung before rings here. */
  private alarmsSince: Instant;
  private satisfiedAt: Instant | undefined;
  private cancelledAt: Instant | undefined;

  constructor(
    readonly target: Target,
    readonly startedAt: Instant,
    private line: CompiledLine | undefined,
    private readonly timeZoneDataVersion: string,
    waiting: boolean,
    reason: StretchReason,
  ) {
    this.ledger = OpenTimeLedger.startingAt(startedAt, !waiting, line, reason);
    this.dueChangedAt = startedAt;
    this.alarmsSince = startedAt;
    this.promise = line?.promises[target];
    this.place(startedAt, 'started');
  }

  get hasEnded(): boolean {
    return this.satisfiedAt !== undefined || this.cancelledAt !== undefined;
  }

  get wasReached(): boolean {
    return this.satisfiedAt !== undefined;
  }

  /** Whether it was ever promised, and so is anybody's business. */
  get isVisible(): boolean {
    return this.lastPromise !== undefined;
  }

  /**
   * Time passes: warnings ring, the due instant breaches. SLA-1: what happens exactly at the due instant is in time, so
   * a fact there comes first; `inclusive` says that nothing more is known to happen at `to`.
   */
  advance(to: Instant, inclusive: boolean): void {
    const { due } = this;
    if (this.hasEnded || this.promise === undefined || due === undefined || this.standingBreach() !== undefined) return;
    const passed = (at: Instant): boolean => at < to || (inclusive && at === to);
    for (const alarm of this.promise.alarms) {
      if (this.hasRung(alarm)) continue;
      const at = this.ringsAt(alarm, due);
      if (passed(at)) this.warnings.push({ key: alarm.key, at });
    }
    if (passed(due)) this.breach(due, undefined);
  }

  /** SLA-2: the ticket waits for the customer, or no longer does. A cut-off goes by the wall clock and never waits. */
  wait(waiting: boolean, at: Instant): void {
    if (this.hasEnded || this.ledger.isCounting !== waiting) return;
    this.ledger.turn(!waiting, at, 'status');
    if (this.promise?.kind !== 'cut_off') this.place(at, waiting ? 'paused' : 'resumed');
  }

  /** SLA-3 to 6 and 11: other rules hold from here on. A clock that has ended is left as it is. */
  moveTo(line: CompiledLine | undefined, at: Instant): void {
    if (this.hasEnded) return;
    const reason = this.adopt(line, at);
    if (reason !== undefined) this.place(at, reason);
  }

  /** The target is reached. A reply in the second in which the ticket was resolved still counts as one. */
  satisfy(at: Instant): void {
    if (this.satisfiedAt !== undefined || (this.cancelledAt !== undefined && this.cancelledAt !== at)) return;
    // Overdue through a change while it was paused: it was never in time.
    if (this.standingBreach() === undefined && this.isOverdue(at)) this.breachNow(at, 'policy_change');
    this.cancelledAt = undefined;
    this.satisfiedAt = at;
    this.ledger.stop(at);
  }

  /** SLA-7: ends without a verdict, unless the due instant has already passed. */
  cancel(at: Instant): void {
    if (this.hasEnded) return;
    this.cancelledAt = at;
    this.ledger.stop(at);
  }

  /** SLA-6: goes on after the ticket is reopened; `total` counts the time in between. */
  reopen(line: CompiledLine | undefined, waiting: boolean, mode: Exclude<OnReopen, 'restart'>, at: Instant): void {
    if (mode === 'total') this.ledger.countSinceStop(at);
    this.satisfiedAt = undefined;
    this.cancelledAt = undefined;
    this.adopt(line, at);
    this.ledger.turn(!waiting, at, 'reopened');
    this.place(at, 'reopened');
    this.dueReason = 'reopened';
    this.dueChangedAt = at;
  }

  /** What will happen if nothing else does. */
  pending(): PendingInstant[] {
    const { due, promise } = this;
    if (this.hasEnded || due === undefined || promise === undefined || this.standingBreach() !== undefined) return [];
    const warnings = promise.alarms
      .filter((alarm) => !this.hasRung(alarm))
      .map((alarm): PendingInstant => ({ kind: 'warn', key: alarm.key, at: this.ringsAt(alarm, due) }));
    return [...warnings, { kind: 'breach', key: '', at: due }];
  }

  stretchesUntil(until: Instant): Stretch[] {
    return this.ledger.stretchesUntil(until);
  }

  /** @throws RangeError for a clock that was never promised */
  toClock(cycle: number, now: Instant): Clock {
    const { governance, due, lastPromise: promise, startedAt } = this;
    if (promise === undefined || governance === undefined) throw new RangeError(`${this.target} is not promised`);
    const breach = this.standingBreach();
    const used =
      promise.kind === 'within' ? this.ledger.usedAt(now) : (this.satisfiedAt ?? this.cancelledAt ?? now) - startedAt;
    return {
      target: this.target,
      cycle,
      state: this.state(),
      startedAt,
      ...(due === undefined ? {} : { dueAt: due }),
      dueReason: this.dueReason,
      dueChangedAt: this.dueChangedAt,
      ...(this.satisfiedAt === undefined ? {} : { satisfiedAt: this.satisfiedAt }),
      ...(this.cancelledAt === undefined ? {} : { cancelledAt: this.cancelledAt }),
      usedSeconds: used,
      targetSeconds: promise.kind === 'within' ? promise.seconds : cutOffCovered(promise, startedAt) - startedAt,
      ...(breach === undefined ? {} : { breachedAt: breach.at }),
      ...(breach?.reason === undefined ? {} : { breachReason: breach.reason }),
      breaches: [...this.breaches],
      warnings: [...this.warnings],
      ...governance,
    };
  }

  private state(): ClockState {
    if (this.promise === undefined) return 'CANCELLED';
    if (this.standingBreach() !== undefined) return 'BREACHED';
    if (this.satisfiedAt !== undefined) return 'MET';
    if (this.cancelledAt !== undefined) return 'CANCELLED';
    return this.due === undefined ? 'PAUSED' : 'RUNNING';
  }

  /** Takes over other rules; says what kind of change it was, if it was one for this clock. */
  private adopt(line: CompiledLine | undefined, at: Instant): 'policy_change' | 'calendar_change' | undefined {
    const change = changeBetween(this.line, line, this.target);
    this.line = line;
    this.promise = line?.promises[this.target];
    if (change !== undefined) {
      const used = change === 'calendar_change' ? 'keep' : (line?.onChange ?? 'carry_over');
      this.ledger.moveTo(line, at, change, used);
    } else {
      this.alarmsSince = at;
    }
    return change;
  }

  /** Sets the due instant by the rules that hold, and settles at once what they already decide. */
  private place(at: Instant, reason: Exclude<DueReason, 'met' | 'cancelled' | 'time_zone_data'>): void {
    const { promise, line } = this;
    this.alarmsSince = at;
    const breach = this.standingBreach();
    if (breach !== undefined) {
      // What is promised now decides an open clock: a due instant still ahead takes the breach back.
      if (reason !== 'policy_change' || this.isOver(at)) return;
      this.revoke(breach, at, reason);
    }
    if (line !== undefined && promise !== undefined) {
      this.lastPromise = promise;
      this.governance = governanceOf(line, promise, this.timeZoneDataVersion);
    }
    const counts = promise?.kind === 'cut_off' || this.ledger.isCounting;
    if (counts && this.isOverdue(at)) {
      this.breachNow(at, reason === 'reopened' || reason === 'calendar_change' ? reason : 'policy_change');
    } else {
      this.setDue(counts ? this.nominalDue() : undefined, reason, at);
    }
  }

  /** SLA-4: the change put the due instant in the past, so it is due, and breached, at the instant of the change. */
  private breachNow(at: Instant, reason: ChangeReason): void {
    this.setDue(at, reason, at);
    this.breach(at, reason);
  }

  private breach(at: Instant, reason: ChangeReason | undefined): void {
    this.breaches.push({ at, dueAt: at, ...(reason === undefined ? {} : { reason }) });
  }

  /** A breach that is taken back in the second it happened never stood. */
  private revoke(breach: Breach, at: Instant, reason: ChangeReason): void {
    this.breaches.pop();
    if (breach.at < at) this.breaches.push({ ...breach, revokedAt: at, revokeReason: reason });
  }

  private standingBreach(): Breach | undefined {
    const last = this.breaches.at(-1);
    return last?.revokedAt === undefined ? last : undefined;
  }

  /** More time is used than there is. */
  private isOverdue(at: Instant): boolean {
    const { promise } = this;
    if (promise === undefined) return false;
    if (promise.kind === 'cut_off') return cutOffCovered(promise, this.startedAt) < at;
    return this.ledger.usedAt(at) > promise.seconds;
  }

  /** No time is left. */
  private isOver(at: Instant): boolean {
    const { promise } = this;
    if (promise === undefined) return false;
    if (promise.kind === 'cut_off') return cutOffCovered(promise, this.startedAt) <= at;
    return this.ledger.usedAt(at) >= promise.seconds;
  }

  private nominalDue(): Instant | undefined {
    const { promise } = this;
    if (promise === undefined) return undefined;
    return promise.kind === 'cut_off'
      ? cutOffCovered(promise, this.startedAt)
      : this.ledger.reaches(promise.seconds);
  }

  private setDue(due: Instant | undefined, reason: DueReason, at: Instant): void {
    if (due === this.due && reason !== 'started') return;
    this.due = due;
    this.dueReason = reason;
    this.dueChangedAt = at;
  }

  private hasRung(alarm: Alarm): boolean {
    return this.warnings.some((warning) => warning.key === alarm.key);
  }

  /** SLA-8: a warning is a point in the same open time as the target; for a cut-off it is elapsed time. */
  private ringsAt(alarm: Alarm, due: Instant): Instant {
    const { promise } = this;
    const at =
      promise?.kind === 'within'
        ? this.ledger.reaches(alarm.from === 'before' ? promise.seconds - alarm.seconds : alarm.seconds)
        : due - alarm.seconds;
    return Math.max(at ?? this.alarmsSince, this.alarmsSince);
  }
}

import type { TicketTraits } from '#kernel/desk/lookups.js';
import type { StatusKind } from '#kernel/desk/ticketing.js';
import type { Instant, Target } from './clock.js';
import type { ClassChanged, Fact, Opened, Said, StatusChanged } from './facts.js';
import type { StretchReason } from './open-time-ledger.js';
import { lineFor, type CompiledLine, type PolicySnapshot, type PolicyTimeline } from './policy-timeline.js';
import { TicketClock } from './ticket-clock.js';

/** A point in the ticket's own order. */
export interface Moment {
  readonly sequence: number;
  readonly at: Instant;
}

export interface StatusEntry extends Moment {
  readonly status: string;
}

/**
 * A ticket gone through fact by fact, with the desk's rules changing in between. Instants never go back: a fact dated
 * before its predecessor (two machines' clocks) counts at the predecessor's instant.
 */
export class TicketFold {
  readonly clocks: TicketClock[] = [];
  readonly statuses: StatusEntry[] = [];
  lastReply: Moment | undefined;
  lastCustomerMessage: Moment | undefined;
  traits: TicketTraits;
  line: CompiledLine | undefined;
  snapshot: PolicySnapshot;
  /** The instant of the last fact. */
  at: Instant;
  private status: string;
  private isResolved = false;
  /** The first response was given: from here on customers' messages wait for the next one. */
  private isAnswered = false;
  private hasBegun: boolean;
  /** A customer wrote after the ticket was resolved: if it is reopened, somebody waits from that instant on. */
  private wroteSinceResolved = false;
  private nextSnapshot: number;

  constructor(
    opened: Opened,
    private readonly timeline: PolicyTimeline,
  ) {
    const { snapshots } = timeline;
    const following = snapshots.findIndex((snapshot, index) => index > 0 && snapshot.appliedAt > opened.at);
    this.nextSnapshot = following === -1 ? snapshots.length : following;
    const first = snapshots[this.nextSnapshot - 1];
    if (first === undefined) throw new RangeError('a timeline has at least one snapshot');
    this.snapshot = first;
    this.at = opened.at;
    this.traits = opened.traits;
    this.status = opened.status;
    this.hasBegun = opened.statusKind !== 'NEW';
    this.line = lineFor(first, opened.traits);
    this.statuses.push({ status: opened.status, sequence: opened.sequence, at: opened.at });
    for (const target of ['first_response', 'periodic_update', 'resolution', 'cut_off'] as const) {
      this.start(target, opened.at, 'opened');
    }
    if (isDone(opened.statusKind)) this.resolve(opened.at);
  }

  apply(fact: Fact): void {
    const at = Math.max(fact.at, this.at);
    this.passTo(at, false);
    this.at = at;
    switch (fact.kind) {
      case 'agent_reply':
        return this.agentReplied(fact, at);
      case 'customer_message':
        return this.customerWrote(fact, at);
      case 'status_changed':
        return this.statusChanged(fact, at);
      case 'class_changed':
        return this.classChanged(fact, at);
    }
  }

  /** Lets time pass; `inclusive`: nothing more is known to happen at `to`. */
  passTo(to: Instant, inclusive: boolean): void {
    for (let next = this.upcoming(to); next !== undefined; next = this.upcoming(to)) {
      const at = Math.max(next.appliedAt, this.at);
      for (const clock of this.clocks) clock.advance(at, false);
      this.snapshot = next;
      this.nextSnapshot++;
      this.moveToLine(at);
      this.passWaiting(at);
    }
    for (const clock of this.clocks) clock.advance(to, inclusive);
  }

  private upcoming(to: Instant): PolicySnapshot | undefined {
    const next = this.timeline.snapshots[this.nextSnapshot];
    return next !== undefined && next.appliedAt <= to ? next : undefined;
  }

  private agentReplied(fact: Said, at: Instant): void {
    this.lastReply = { sequence: fact.sequence, at };
    this.wroteSinceResolved = false;
    this.firstResponse(at);
    this.current('cut_off')?.satisfy(at);
    this.current('next_response')?.satisfy(at);
    const update = this.current('periodic_update');
    update?.satisfy(at);
    // OFC-13: each public reply meets the periodic update and starts it anew.
    if (!this.isResolved) this.start('periodic_update', at, 'agent_reply');
  }

  /** SLA-7: the oldest unanswered message starts the clock, further ones change nothing. */
  private customerWrote(fact: Said, at: Instant): void {
    this.lastCustomerMessage = { sequence: fact.sequence, at };
    if (!this.isAnswered) return;
    if (this.isResolved) this.wroteSinceResolved = true;
    else if (this.current('next_response')?.hasEnded ?? true) this.start('next_response', at, 'customer_message');
  }

  private statusChanged(fact: StatusChanged, at: Instant): void {
    this.status = fact.to;
    this.statuses.push({ status: fact.to, sequence: fact.sequence, at });
    const begins = !this.hasBegun && fact.toKind !== 'NEW' && fact.byUs;
    if (begins) this.hasBegun = true;
    if (begins && this.line?.firstResponseBy === 'status_change') this.firstResponse(at);
    const done = isDone(fact.toKind);
    if (done && !this.isResolved) this.resolve(at);
    else if (!done && this.isResolved) this.reopen(at);
    else this.passWaiting(at);
  }

  private classChanged(fact: ClassChanged, at: Instant): void {
    this.traits = { ...this.traits, [fact.dimension]: fact.to };
    this.moveToLine(at);
  }

  private firstResponse(at: Instant): void {
    this.isAnswered = true;
    this.current('first_response')?.satisfy(at);
  }

  private resolve(at: Instant): void {
    this.isResolved = true;
    this.current('resolution')?.satisfy(at);
    for (const clock of this.clocks) clock.cancel(at);
  }

  /** SLA-6. */
  private reopen(at: Instant): void {
    this.isResolved = false;
    const mode = this.line?.onReopen ?? 'resume';
    if (mode === 'restart') this.start('resolution', at, 'reopened');
    else this.current('resolution')?.reopen(this.line, this.isWaiting, mode, at);
    if (!this.isAnswered) this.current('first_response')?.reopen(this.line, this.isWaiting, 'resume', at);
    this.start('periodic_update', at, 'reopened');
    if (this.wroteSinceResolved) this.start('next_response', at, 'customer_message');
    this.wroteSinceResolved = false;
  }

  private moveToLine(at: Instant): void {
    this.line = lineFor(this.snapshot, this.traits);
    for (const clock of this.clocks) clock.moveTo(this.line, at);
  }

  private passWaiting(at: Instant): void {
    if (this.isResolved) return;
    for (const clock of this.clocks) clock.wait(this.isWaiting, at);
  }

  private get isWaiting(): boolean {
    return this.snapshot.pauseIn.has(this.status);
  }

  private current(target: Target): TicketClock | undefined {
    return this.clocks.findLast((clock) => clock.target === target);
  }

  private start(target: Target, at: Instant, reason: StretchReason): void {
    const { timeZoneDataVersion } = this.timeline;
    // One that ended without ever being promised was nobody's business.
    const unseen = this.clocks.findIndex((clock) => clock.target === target && clock.hasEnded && !clock.isVisible);
    if (unseen !== -1) this.clocks.splice(unseen, 1);
    this.clocks.push(new TicketClock(target, at, this.line, timeZoneDataVersion, this.isWaiting, reason));
  }
}

function isDone(kind: StatusKind): boolean {
  return kind === 'SOLVED' || kind === 'CLOSED';
}

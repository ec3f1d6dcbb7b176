import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { newId } from '#kernel/ids.js';
import type { Transaction } from '#platform/database/transaction.js';
import { type Clock, isFinished } from '../domain/clock.js';
import type { ClockEvent } from '../domain/clock-events.js';
import type { Timer } from '../domain/compute-clocks.js';
import { reconcile } from '../domain/reconcile.js';
import { ticketState } from '../domain/ticket-state.js';
import { clockEvent } from '../events/clock-events.js';
import { type Read, RulesRepository } from '../persistence/rules.repository.js';
import {
  Changes,
  type LockedTicket,
  type Recorded,
  TicketClocksRepository,
  type TimerRow,
} from '../persistence/ticket-clocks.repository.js';
import { WaitingTicketRepository } from '../persistence/waiting-ticket.repository.js';
import { ComputeRecorded } from './compute-recorded.js';

/**
 * Brings what is recorded of tickets up to what their facts and the desk's rules say now: clocks, timers, breaches and
 * events, in the caller's transaction, which holds the tickets' locks.
 */
@Injectable()
export class RecomputeClocks {
  constructor(
    private readonly rules: RulesRepository,
    private readonly computing: ComputeRecorded,
    private readonly tickets: TicketClocksRepository,
    private readonly waiting: WaitingTicketRepository,
  ) {}

  /** Tickets of a desk that is not known yet are left for when its rules come. */
  async execute(tx: Transaction, tickets: readonly LockedTicket[], now: Date, causationId?: string): Promise<void> {
    const read: Read = (text, values) => tx.query(text, values);
    const [revisions, recorded] = await Promise.all([
      this.rules.revisions(read, now),
      this.tickets.load(read, tickets.map((ticket) => ticket.ticketId)),
    ]);
    const changes = new Changes();
    for (const ticket of tickets) {
      const revision = revisions.get(ticket.deskId);
      const known = recorded.get(ticket.ticketId);
      if (revision === undefined || known === undefined) continue;
      const computed = await this.computing.execute(tx, ticket, known, revision, now);
      const { events, clocks } = reconcile(known.clocks, computed);
      collectClocks(changes, ticket, known.clocks, clocks);
      const timers = wanted(computed.timers, known.fired);
      collectTimers(changes, ticket.ticketId, known.timers, timers);
      collectEvents(changes, ticket, events, now, causationId);
      const isWaiting = timers.length > 0 || computed.missingSequence !== undefined;
      this.noteWaiting(tx, ticket, known, computed.missingSequence ?? null, now);
      collectTicket(changes, ticket, known, { revision, events: events.length, isWaiting });
    }
    this.tickets.save(tx, changes);
  }

  private noteWaiting(tx: Transaction, ticket: LockedTicket, { waitsFor }: Recorded, missing: number | null, now: Date): void {
    if (missing === waitsFor) return;
    if (missing === null) this.waiting.goesOn(tx, ticket.ticketId);
    else this.waiting.waits(tx, ticket, missing, now);
  }
}

function collectClocks(changes: Changes, ticket: LockedTicket, before: readonly Clock[], clocks: readonly Clock[]): void {
  const { ticketId, deskId } = ticket;
  for (const clock of clocks) {
    const was = before.find((other) => other.target === clock.target && other.cycle === clock.cycle);
    if (was === undefined || !isSame(was, clock)) changes.clocks.push({ ticketId, deskId, ...clock });
  }
}

/** The time used so far goes on by itself and is computed when asked for. */
function isSame(was: Clock, clock: Clock): boolean {
  return isDeepStrictEqual(isFinished(clock) ? was : { ...was, usedSeconds: clock.usedSeconds }, clock);
}

function wanted(timers: readonly Timer[], fired: readonly string[]): TimerRow[] {
  return timers.flatMap((timer): TimerRow[] => {
    const { kind, at: dueAt } = timer;
    if (timer.kind !== 'lifecycle') return [{ kind, name: timer.target, number: timer.cycle, key: timer.key, dueAt }];
    const { ruleId, step, anchorSequence, moveTo, notify } = timer;
    if (fired.includes(`${ruleId}/${step}/${anchorSequence}`)) return [];
    return [{ kind, name: ruleId, number: step, key: String(anchorSequence), dueAt, moveTo, notify }];
  });
}

function collectTimers(changes: Changes, ticketId: string, before: readonly TimerRow[], timers: readonly TimerRow[]): void {
  const known = new Map(before.map((timer) => [nameOf(timer), timer]));
  for (const timer of timers) {
    const was = known.get(nameOf(timer));
    known.delete(nameOf(timer));
    const isSet = was?.dueAt === timer.dueAt && was.moveTo === timer.moveTo && was.notify === timer.notify;
    if (!isSet) changes.timersSet.push({ ticketId, ...timer });
  }
  for (const timer of known.values()) changes.timersGone.push({ ticketId, ...timer });
}

function nameOf({ kind, name, number, key }: TimerRow): string {
  return `${kind}/${name}/${number}/${key}`;
}

function collectEvents(
  changes: Changes,
  ticket: LockedTicket,
  events: readonly ClockEvent[],
  now: Date,
  causationId: string | undefined,
): void {
  const { ticketId, deskId, number } = ticket;
  events.forEach((event, index) => {
    const sequence = ticket.eventSequence + index + 1;
    changes.events.push(clockEvent({ ticketId, deskId, sequence, recordedAt: now, causationId }, event));
    const { target, cycle, occurredAt } = event;
    if (event.type === 'clock.breached') {
      const { dueAt, reason = '' } = event;
      changes.breaches.push({ id: newId(), deskId, ticketId, number, target, cycle, dueAt, occurredAt, recordedAt: now, reason });
    } else if (event.type === 'clock.breach_revoked') {
      const { breachedAt, reason } = event;
      changes.revoked.push({ ticketId, target, cycle, occurredAt: breachedAt, revokedAt: now, reason });
    }
  });
}

function collectTicket(
  changes: Changes,
  ticket: LockedTicket,
  { facts }: Recorded,
  outcome: { readonly revision: number; readonly events: number; readonly isWaiting: boolean },
): void {
  const state = ticketState(facts);
  const isOpen = state === undefined || (state.statusKind !== 'SOLVED' && state.statusKind !== 'CLOSED');
  changes.tickets.push({
    ticketId: ticket.ticketId,
    revision: outcome.revision,
    live: isOpen || outcome.isWaiting,
    eventSequence: ticket.eventSequence + outcome.events,
    isOpen,
    packageId: state?.traits.package,
    priority: state?.traits.priority,
    lane: state?.traits.lane,
    openedAt: state?.openedAt,
    repliedAt: state?.repliedAt,
  });
}

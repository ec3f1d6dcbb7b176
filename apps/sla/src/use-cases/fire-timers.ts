import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import { fireTimer } from '../domain/fire-timer.js';
import { clockEvent, lifecycleDue } from '../events/clock-events.js';
import { RulesRepository } from '../persistence/rules.repository.js';
import type { LockedTicket } from '../persistence/ticket-clocks.repository.js';
import { type DueTickets, type DueTimer, Firing, TimerRepository } from '../persistence/timer.repository.js';
import { RecomputeClocks } from './recompute-clocks.js';

export interface FiredBatch {
  readonly fired: readonly DueTimer[];
  readonly more: boolean;
  /** By the clock they were fired by. */
  readonly at: Date;
}

const BEGINNING = new Date(0);
/** Then those that were passed over, as somebody else held them, have waited long enough. */
const FROM_THE_BEGINNING_EVERY = 20;

/**
 * One batch of due timers in one transaction with their clocks, breaches and events: a process that dies in the middle
 * has done nothing, and the next one does all of it.
 */
@Injectable()
export class FireTimers {
  /**
   * The next batch begins where the last one ended: the timers before are gone or just being fired, and looking at them
   * again costs as much as firing.
   */
  private from = BEGINNING;
  private looks = 0;
  private looked: Promise<unknown> = Promise.resolve();
  private written: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly timers: TimerRepository,
    private readonly rules: RulesRepository,
    private readonly recompute: RecomputeClocks,
  ) {}

  /**
   * Answers the timers that were fired and whether more are to be expected. Batches at the same time look one after the
   * other and write one after the other, so that all fires in due order; they work side by side in between.
   */
  execute(limit: number): Promise<FiredBatch> {
    const before = this.written;
    const batch = this.transactions.run((tx) => this.fire(tx, limit, before));
    this.written = Promise.allSettled([batch]);
    return batch;
  }

  private async fire(tx: Transaction, limit: number, before: Promise<unknown>): Promise<FiredBatch> {
    const looking = this.looked.then(() => this.look(tx, limit));
    this.looked = Promise.allSettled([looking]);
    const { byId, now, more } = await looking;
    if (byId.size === 0) return { fired: [], more, at: now };
    const [due, revisions] = await Promise.all([
      this.timers.take(tx, byId, now),
      this.rules.revisions((text, values) => tx.query(text, values), now),
    ]);
    // Rules that hold by now may say otherwise than the clocks recorded under older ones.
    const stale = new Map<string, LockedTicket>();
    const firing = new Firing();
    for (const timer of due) {
      const { ticket } = timer;
      if (ticket.revision === revisions.get(ticket.deskId)) fire(firing, timer, now);
      else stale.set(ticket.ticketId, ticket);
    }
    await before;
    this.timers.save(tx, firing);
    if (stale.size > 0) await this.recompute.execute(tx, [...stale.values()], now);
    return { fired: due, more, at: now };
  }

  private async look(tx: Transaction, limit: number): Promise<{ byId: DueTickets['byId']; now: Date; more: boolean }> {
    const now = this.clock.now();
    const from = this.looks % FROM_THE_BEGINNING_EVERY === 0 ? BEGINNING : this.from;
    this.looks += 1;
    const { byId, reached } = await this.timers.lockDue(tx, { from, before: now, limit });
    this.from = reached ?? BEGINNING;
    return { byId, now, more: byId.size > 0 || from > BEGINNING };
  }
}

function fire(firing: Firing, timer: DueTimer, now: Date): void {
  const { ticket } = timer;
  const { ticketId, deskId, number } = ticket;
  const sequence = (firing.sequences.get(ticketId) ?? ticket.eventSequence) + 1;
  const of = { ticketId, deskId, sequence, recordedAt: now };
  const { kind, key, dueAt } = timer;
  if (kind === 'lifecycle') {
    const step = { ruleId: timer.name, step: timer.number, anchorSequence: Number(key), dueAt };
    firing.steps.push({ ticketId, ...step, firedAt: now });
    firing.events.push(lifecycleDue(of, { ...step, moveTo: timer.moveTo ?? '', notify: timer.notify ?? '' }));
    firing.sequences.set(ticketId, sequence);
    return;
  }
  const name = `${ticketId}/${timer.name}/${timer.number}`;
  const clock = firing.clocks.get(name) ?? timer.clock;
  const fired = clock && fireTimer(clock, { kind, key, at: dueAt });
  if (!fired) return;
  const { event } = fired;
  firing.clocks.set(name, { ...fired.clock, ticketId });
  firing.events.push(clockEvent(of, event));
  firing.sequences.set(ticketId, sequence);
  if (event.type === 'clock.breached') {
    const { target, cycle, occurredAt } = event;
    firing.breaches.push({ id: newId(), deskId, ticketId, number, target, cycle, dueAt, occurredAt, recordedAt: now, reason: '' });
  }
}

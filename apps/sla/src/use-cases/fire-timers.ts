import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { Transactions } from '#platform/database/transactions.js';
import { fireTimer } from '../domain/fire-timer.js';
import { clockEvent, lifecycleDue } from '../events/clock-events.js';
import { RulesRepository } from '../persistence/rules.repository.js';
import type { LockedTicket } from '../persistence/ticket-clocks.repository.js';
import { type DueTimer, Firing, TimerRepository } from '../persistence/timer.repository.js';
import { RecomputeClocks } from './recompute-clocks.js';

/**
 * One batch of due timers in one transaction with their clocks, breaches and events: a process that dies in the middle
 * has done nothing, and the next one does all of it.
 */
@Injectable()
export class FireTimers {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly timers: TimerRepository,
    private readonly rules: RulesRepository,
    private readonly recompute: RecomputeClocks,
  ) {}

  /** Answers the timers that were fired and whether more are to be expected. */
  async execute(limit: number): Promise<{ readonly fired: readonly DueTimer[]; readonly more: boolean; readonly at: Date }> {
    return this.transactions.run(async (tx) => {
      const now = this.clock.now();
      const ticketIds = await this.timers.lockDue(tx, now, limit);
      if (ticketIds.length === 0) return { fired: [], more: false, at: now };
      const [due, revisions] = await Promise.all([
        this.timers.take(tx, ticketIds, now),
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
      this.timers.save(tx, firing);
      if (stale.size > 0) await this.recompute.execute(tx, [...stale.values()], now);
      return { fired: due, more: true, at: now };
    });
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

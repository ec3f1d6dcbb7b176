import { Injectable } from '@nestjs/common';
import { epochSeconds } from '#kernel/business-time/dates.js';
import type { Caller } from '#kernel/caller.js';
import { Clock as TimeSource } from '#kernel/clock.js';
import { DomainError } from '#kernel/errors.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { type Clock, isFinished, type Target } from '../domain/clock.js';
import { computeClocks, type TicketClocks, type TicketHistory } from '../domain/compute-clocks.js';
import { type Explanation, explainDeadline } from '../domain/explain-deadline.js';
import { scopeOf } from '../domain/visibility.js';
import { RulesRepository } from '../persistence/rules.repository.js';
import { type Recorded, TicketClocksRepository } from '../persistence/ticket-clocks.repository.js';
import { type KnownTicket, TicketRepository } from '../persistence/ticket.repository.js';
import { DeskRules } from './desk-rules.js';

interface Found {
  readonly ticket: KnownTicket;
  readonly recorded: Recorded;
  readonly history: TicketHistory;
}

/** The clocks of one ticket, within what the caller may see. */
@Injectable()
export class ClockReads {
  constructor(
    private readonly time: TimeSource,
    private readonly desks: DeskDirectory,
    private readonly rules: RulesRepository,
    private readonly deskRules: DeskRules,
    private readonly tickets: TicketRepository,
    private readonly clocks: TicketClocksRepository,
  ) {}

  /** As recorded; the time used so far is computed, for it goes on between two events. */
  async list(
    caller: Caller,
    idOrNumber: string,
  ): Promise<Pick<TicketClocks, 'clocks' | 'notPromised' | 'missingSequence'> & { readonly ticketId: string }> {
    const { ticket, recorded, history } = await this.find(caller, idOrNumber);
    const { clocks: computed, notPromised, missingSequence } = computeClocks(history);
    const clocks = recorded.clocks.map((clock) => {
      const now = computed.find((other) => other.target === clock.target && other.cycle === clock.cycle);
      return now === undefined || isFinished(clock) ? clock : { ...clock, usedSeconds: now.usedSeconds };
    });
    const order = computed.map(({ target, cycle }) => `${target}/${cycle}`);
    const place = ({ target, cycle }: Clock): number => order.indexOf(`${target}/${cycle}`);
    return { ticketId: ticket.ticketId, clocks: clocks.toSorted((a, b) => place(a) - place(b)), notPromised, missingSequence };
  }

  /** @param cycle the newest where absent. Errors: NOT_FOUND TICKET_NOT_FOUND, CLOCK_NOT_FOUND */
  async explain(
    caller: Caller,
    idOrNumber: string,
    target: Target,
    cycle: number | undefined,
  ): Promise<{ ticketId: string; explanation: Explanation }> {
    const { ticket, history } = await this.find(caller, idOrNumber);
    const explanation = explainDeadline(history, target, cycle);
    if (explanation === undefined) {
      throw new DomainError('NOT_FOUND', 'CLOCK_NOT_FOUND', `the ticket ${ticket.number} has no such ${target} clock`, {
        metadata: { id: idOrNumber, target },
      });
    }
    return { ticketId: ticket.ticketId, explanation };
  }

  private async find(caller: Caller, idOrNumber: string): Promise<Found> {
    const { document: desk } = await this.desks.current(caller.deskId);
    const ticket = await this.tickets.get(scopeOf(desk, caller), idOrNumber);
    const recorded = (await this.clocks.load(this.rules.read, [ticket.ticketId])).get(ticket.ticketId);
    if (recorded === undefined) throw new Error(`the ticket ${ticket.ticketId} went away between two reads`);
    const now = this.time.now();
    const timeline = await this.deskRules.inForce(caller.deskId, now);
    return { ticket, recorded, history: { facts: recorded.facts, timeline, now: epochSeconds(now) } };
  }
}

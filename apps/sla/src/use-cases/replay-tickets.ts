import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { computeClocks } from '../domain/compute-clocks.js';
import type { PolicyTimeline } from '../domain/policy-timeline.js';
import { type ClockDifference, replayDifferences } from '../domain/replay.js';
import { RulesRepository } from '../persistence/rules.repository.js';
import { type Recorded, TicketClocksRepository } from '../persistence/ticket-clocks.repository.js';
import { type KnownTicket, TicketRepository } from '../persistence/ticket.repository.js';
import { decidedUntil } from './decided-until.js';
import { DeskRules } from './desk-rules.js';

const TICKETS_AT_ONCE = 200;

export interface ReplayedTicket {
  readonly ticketId: string;
  readonly clocks: number;
  readonly differences: readonly ClockDifference[];
}

/** SLA-12: the history computed once more beside what is recorded. Changes neither. */
@Injectable()
export class ReplayTickets {
  constructor(
    private readonly clock: Clock,
    private readonly rules: RulesRepository,
    private readonly deskRules: DeskRules,
    private readonly tickets: TicketRepository,
    private readonly clocks: TicketClocksRepository,
  ) {}

  /** @param ticketId all tickets of the desk where absent. Errors: NOT_FOUND TICKET_NOT_FOUND */
  async *execute(deskId: string, ticketId: string | undefined): AsyncGenerator<ReplayedTicket> {
    if (ticketId !== undefined) {
      yield* this.replay([await this.tickets.get({ deskId }, ticketId)]);
      return;
    }
    for await (const batch of this.tickets.ofDesk(deskId, { openOnly: false }, TICKETS_AT_ONCE)) yield* this.replay(batch);
  }

  private async *replay(batch: readonly KnownTicket[]): AsyncGenerator<ReplayedTicket> {
    const known = await this.clocks.load(this.rules.read, batch.map(({ ticketId }) => ticketId));
    for (const ticket of batch) {
      const recorded = known.get(ticket.ticketId);
      if (recorded === undefined || ticket.revision === 0) continue;
      const timeline = await this.deskRules.timeline(this.rules.read, ticket.deskId, ticket.revision);
      const computed = computeClocks({ facts: recorded.facts, timeline, now: this.recordedUntil(recorded, timeline) });
      // A ticket with a gap in its facts is recorded as of the fact before; there is nothing to compare yet.
      const differences = computed.missingSequence === undefined ? replayDifferences(recorded.clocks, computed.clocks) : [];
      yield { ticketId: ticket.ticketId, clocks: computed.clocks.length, differences };
    }
  }

  /** What is recorded holds up to the first timer that has not fired yet, be it due or not. */
  private recordedUntil({ timers }: Recorded, timeline: PolicyTimeline): number {
    const pending = timers.filter((timer) => timer.kind !== 'lifecycle').map((timer) => timer.dueAt - 1);
    return Math.min(decidedUntil(this.clock.now(), timeline), ...pending);
  }
}

import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { TicketClocksRepository } from '../persistence/ticket-clocks.repository.js';
import { TicketRepository } from '../persistence/ticket.repository.js';
import { RecomputeClocks } from '../use-cases/recompute-clocks.js';
import { toFact } from './ticket-fact.js';

/** Every event of a ticket is a fact, and its clocks are computed from all the facts there are. */
@Injectable()
export class OnTicketEvent implements EventHandler {
  readonly topic = topicOf('tickets');
  readonly type = '*';

  constructor(
    private readonly clock: Clock,
    private readonly tickets: TicketRepository,
    private readonly clocks: TicketClocksRepository,
    private readonly recompute: RecomputeClocks,
  ) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    if (!event.type.startsWith('ticket.')) return;
    const { fact, identity } = toFact(event);
    this.tickets.hear(tx, event, fact, identity);
    const locked = await this.clocks.lock(tx, event.aggregateId);
    await this.recompute.execute(tx, locked, this.clock.now(), event.id);
  }
}

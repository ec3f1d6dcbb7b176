import { Injectable } from '@nestjs/common';
import { LifecycleDue } from '#contracts/generated/priolane/events/v1/sla_events.js';
import { Clock } from '#kernel/clock.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { lifecycleStep } from '../domain/lifecycle.js';
import { TicketRepository } from '../persistence/ticket.repository.js';
import { appendTicketEvents } from './ticket-events.js';

/** A lifecycle timer has run out: under the ticket's lock, a customer's reply that committed first wins (FLT-11, PKG-17). */
@Injectable()
export class OnLifecycleDue implements EventHandler {
  readonly topic = topicOf('sla');
  readonly type = 'lifecycle.due';

  constructor(
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketRepository,
  ) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const due = LifecycleDue.fromJSON(event.data);
    const { document: desk } = await this.desks.current(event.deskId);
    const before = await this.tickets.lockIfThere(tx, due.ticketId);
    if (!before || before.deskId !== event.deskId) return;
    const step = {
      ruleId: due.ruleId,
      step: due.step,
      anchorSequence: Number(due.anchorSequence),
      dueAt: new Date(due.dueAt ?? event.occurredAt),
    };
    const { ticket, events } = lifecycleStep(desk, before, step, this.clock.now());
    if (events.length === 0) return;
    this.tickets.update(tx, desk, ticket);
    appendTicketEvents(tx, events, event.id);
  }
}

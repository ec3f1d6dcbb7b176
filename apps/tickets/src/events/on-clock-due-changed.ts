import { Injectable } from '@nestjs/common';
import { ClockDueChanged } from '#contracts/generated/priolane/events/v1/sla_events.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { TicketRepository } from '../persistence/ticket.repository.js';

/** Desks that order their queue by due time need it beside the ticket. It is no event of the ticket's own. */
@Injectable()
export class OnClockDueChanged implements EventHandler {
  readonly topic = topicOf('sla');
  readonly type = 'clock.due_changed';

  constructor(
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketRepository,
  ) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const due = ClockDueChanged.fromJSON(event.data);
    if (due.target !== 'first_response') return;
    const { document: desk } = await this.desks.current(event.deskId);
    if (!desk.queue.order.includes('due')) return;
    const ticket = await this.tickets.lockIfThere(tx, due.ticketId);
    if (!ticket || ticket.deskId !== event.deskId) return;
    this.tickets.update(tx, desk, { ...ticket, dueAt: due.newDueAt ? new Date(due.newDueAt) : undefined });
  }
}

import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import { Transactions } from '#platform/database/transactions.js';
import { type Reclassification, reclassify } from '../domain/reclassify.js';
import type { Ticket } from '../domain/ticket.js';
import { scopeOf } from '../domain/visibility.js';
import { appendTicketEvents } from '../events/ticket-events.js';
import { TicketRepository } from '../persistence/ticket.repository.js';

export interface ReclassifyTicketCommand extends Reclassification {
  readonly requestId: string;
  readonly ticketId: string;
}

@Injectable()
export class ReclassifyTicket {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketRepository,
  ) {}

  async execute(caller: Caller, command: ReclassifyTicketCommand): Promise<Ticket> {
    const { document: desk } = await this.desks.current(caller.deskId);
    const key = { caller, operation: 'reclassify-ticket', requestId: command.requestId, command };
    return this.transactions.once(key, async (tx) => {
      const before = await this.tickets.lock(tx, scopeOf(desk, caller), command.ticketId);
      const now = this.clock.now();
      const { ticket, events } = reclassify(desk, before, caller, command, now);
      this.tickets.update(tx, desk, ticket);
      const { type, department, priority } = command;
      recordAudit(tx, caller, 'reclassify-ticket', ticket.id, now, { type, department, priority });
      appendTicketEvents(tx, events);
      return ticket;
    });
  }
}

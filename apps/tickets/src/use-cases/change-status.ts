import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import { Transactions } from '#platform/database/transactions.js';
import { moveByHand, personOf } from '../domain/status.js';
import { type Ticket, unchanged } from '../domain/ticket.js';
import { scopeOf } from '../domain/visibility.js';
import { appendTicketEvents } from '../events/ticket-events.js';
import { TicketRepository } from '../persistence/ticket.repository.js';

export interface ChangeStatusCommand {
  readonly requestId: string;
  readonly ticketId: string;
  readonly status: string;
  readonly fault?: string;
}

@Injectable()
export class ChangeStatus {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketRepository,
  ) {}

  async execute(caller: Caller, command: ChangeStatusCommand): Promise<Ticket> {
    const { document: desk } = await this.desks.current(caller.deskId);
    const key = { caller, operation: 'change-status', requestId: command.requestId, command };
    return this.transactions.once(key, async (tx) => {
      const before = await this.tickets.lock(tx, scopeOf(desk, caller), command.ticketId);
      const now = this.clock.now();
      const move = { to: command.status, cause: 'agent' as const, actor: personOf(caller), fault: command.fault };
      const { ticket, events } = moveByHand(desk, unchanged(before), move, now);
      this.tickets.update(tx, desk, ticket);
      recordAudit(tx, caller, 'change-status', ticket.id, now, { from: before.status, to: ticket.status });
      appendTicketEvents(tx, events);
      return ticket;
    });
  }
}

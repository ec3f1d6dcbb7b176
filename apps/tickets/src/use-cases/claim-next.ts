import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import { Transactions } from '#platform/database/transactions.js';
import { claim } from '../domain/claim.js';
import type { Ticket } from '../domain/ticket.js';
import { appendTicketEvents } from '../events/ticket-events.js';
import { TicketRepository } from '../persistence/ticket.repository.js';

@Injectable()
export class ClaimNext {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketRepository,
  ) {}

  /** Nothing when nothing waits: an empty queue is not an error. */
  async execute(caller: Caller, command: { readonly requestId: string }): Promise<Ticket | undefined> {
    const { document: desk } = await this.desks.current(caller.deskId);
    const key = { caller, operation: 'claim-next', requestId: command.requestId, command };
    return this.transactions.once(key, async (tx) => {
      const head = await this.tickets.lockHead(tx, desk.id);
      if (!head) return undefined;
      const now = this.clock.now();
      const { ticket, events } = claim(desk, head, caller, now);
      this.tickets.update(tx, desk, ticket);
      recordAudit(tx, caller, 'claim-next', ticket.id, now);
      appendTicketEvents(tx, events);
      return ticket;
    });
  }
}

import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import { Transactions } from '#platform/database/transactions.js';
import { reply, type Reply } from '../domain/reply.js';
import type { Message, Ticket } from '../domain/ticket.js';
import { scopeOf } from '../domain/visibility.js';
import { appendTicketEvents } from '../events/ticket-events.js';
import { TicketRepository } from '../persistence/ticket.repository.js';

export interface AddMessageCommand extends Reply {
  readonly requestId: string;
  readonly ticketId: string;
}

@Injectable()
export class AddMessage {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketRepository,
  ) {}

  async execute(caller: Caller, command: AddMessageCommand): Promise<{ ticket: Ticket; message: Message }> {
    const { document: desk } = await this.desks.current(caller.deskId);
    const key = { caller, operation: 'add-message', requestId: command.requestId, command };
    return this.transactions.once(key, async (tx) => {
      const before = await this.tickets.lock(tx, scopeOf(desk, caller), command.ticketId);
      const now = this.clock.now();
      const { ticket, events, message } = reply(desk, before, caller, command, newId(), now);
      this.tickets.update(tx, desk, ticket, [message]);
      recordAudit(tx, caller, 'add-message', ticket.id, now, { messageId: message.id, internal: message.internal });
      appendTicketEvents(tx, events);
      return { ticket, message };
    });
  }
}

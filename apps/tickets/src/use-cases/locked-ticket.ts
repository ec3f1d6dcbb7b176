import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import type { Changed, Message, Ticket } from '../domain/ticket.js';
import { scopeOf } from '../domain/visibility.js';
import { appendTicketEvents } from '../events/ticket-events.js';
import { TicketRepository } from '../persistence/ticket.repository.js';

/** What a use case makes of a ticket: what is kept, what is answered, and what the audit trail says of it. */
export interface Outcome<A> extends Changed {
  readonly messages?: readonly Message[];
  readonly answer: A;
  readonly details?: object;
}

export type Step<A> = (desk: DeskDocument, before: Ticket, now: Date) => Outcome<A>;

/**
 * A ticket under its lock: changed by a step of the domain and kept with its audit and its events, in one transaction and
 * once per request id. `action` names the use case in both.
 */
@Injectable()
export class LockedTicket {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketRepository,
  ) {}

  /** The ticket that the command names, within what the caller may see; otherwise NOT_FOUND TICKET_NOT_FOUND. */
  async change<A>(
    action: string,
    caller: Caller,
    command: { readonly requestId: string; readonly ticketId: string },
    step: Step<A>,
  ): Promise<A> {
    const { document: desk } = await this.desks.current(caller.deskId);
    return this.transactions.once({ caller, operation: action, requestId: command.requestId, command }, async (tx) => {
      const before = await this.tickets.lock(tx, scopeOf(desk, caller), command.ticketId);
      return this.keep(tx, desk, caller, action, before, step);
    });
  }

  /** The head of the queue; nothing when nothing waits. */
  async changeHead<A>(
    action: string,
    caller: Caller,
    command: { readonly requestId: string },
    step: Step<A>,
  ): Promise<A | undefined> {
    const { document: desk } = await this.desks.current(caller.deskId);
    return this.transactions.once({ caller, operation: action, requestId: command.requestId, command }, async (tx) => {
      const head = await this.tickets.lockHead(tx, desk.id);
      return head && this.keep(tx, desk, caller, action, head, step);
    });
  }

  private keep<A>(tx: Transaction, desk: DeskDocument, caller: Caller, action: string, before: Ticket, step: Step<A>): A {
    const now = this.clock.now();
    const { ticket, events, messages, answer, details } = step(desk, before, now);
    this.tickets.update(tx, desk, ticket, messages);
    recordAudit(tx, caller, action, ticket.id, now, details);
    appendTicketEvents(tx, events);
    return answer;
  }
}

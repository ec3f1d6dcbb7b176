import { Injectable } from '@nestjs/common';
import { type Caller, isStaff } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { invalid } from '#kernel/errors.js';
import { newId } from '#kernel/ids.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import { Transactions } from '#platform/database/transactions.js';
import { refuseWithoutSeat } from '../domain/seat.js';
import { openTicket, type Requester, type TicketRequest } from '../domain/open-ticket.js';
import type { Person, Ticket } from '../domain/ticket.js';
import { appendTicketEvents } from '../events/ticket-events.js';
import { AccountRepository } from '../persistence/account.repository.js';
import { KnowledgeRepository } from '../persistence/knowledge.repository.js';
import { OrganisationRepository } from '../persistence/organisation.repository.js';
import { TicketNumbers } from '../persistence/ticket-numbers.js';
import { TicketRepository } from '../persistence/ticket.repository.js';

export interface OpenTicketCommand extends TicketRequest {
  readonly requestId: string;
  /** Agents only. */
  readonly onBehalfOf?: Person & { readonly organisationId?: string; readonly packageId?: string };
  /** The search that did not solve the matter (SHP-1). */
  readonly questionId?: string;
}

@Injectable()
export class OpenTicket {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketRepository,
    private readonly numbers: TicketNumbers,
    private readonly organisations: OrganisationRepository,
    private readonly accounts: AccountRepository,
    private readonly knowledge: KnowledgeRepository,
  ) {}

  async execute(caller: Caller, command: OpenTicketCommand): Promise<Ticket> {
    const { document: desk } = await this.desks.current(caller.deskId);
    const requester = await this.requesterOf(caller, command);
    await this.refuseWithoutSeat(desk, caller, requester, command);
    const number = await this.numbers.next(desk);
    const key = { caller, operation: 'open-ticket', requestId: command.requestId, command };
    return this.transactions.once(key, async (tx) => {
      const now = this.clock.now();
      const ids = { ticketId: newId(), messageId: newId(), number };
      const { ticket, events, message } = openTicket(desk, caller, requester, command, ids, now);
      this.tickets.insert(tx, desk, ticket, [message]);
      if (command.questionId) this.knowledge.becameTicket(tx, caller, command.questionId, ticket.id);
      recordAudit(tx, caller, 'open-ticket', ticket.id, now);
      appendTicketEvents(tx, events);
      return ticket;
    });
  }

  private async refuseWithoutSeat(
    desk: DeskDocument,
    caller: Caller,
    requester: Requester,
    { description, language }: OpenTicketCommand,
  ): Promise<void> {
    if (desk.accounts.ticketsBy !== 'seat') return; // spares the others the look-up
    const { accountId, organisationId } = requester;
    const account = accountId ? await this.accounts.find(desk.id, accountId) : undefined;
    const signedIn = accountId === caller.accountId;
    refuseWithoutSeat(desk, { organisationId, account, signedIn }, description, language);
  }

  /**
   * An organisation whose event is still on its way has no package yet; the ticket is accepted all the same and gets it
   * when the event comes.
   */
  private async requesterOf(caller: Caller, command: OpenTicketCommand): Promise<Requester> {
    const other = command.onBehalfOf;
    if (other && !isStaff(caller)) {
      throw invalid([{ field: 'on_behalf_of', description: 'only agents open tickets for others' }]);
    }
    const organisationId = other ? other.organisationId : caller.organisationId;
    const organisation = organisationId ? await this.organisations.find(caller.deskId, organisationId) : undefined;
    if (other && organisationId && !organisation) {
      throw invalid([{ field: 'on_behalf_of.organisation_id', description: 'is not an organisation of this desk' }]);
    }
    return {
      ...(other ?? { accountId: caller.accountId, name: caller.name, email: caller.email }),
      organisationId,
      organisationName: organisation?.name,
      packageId: organisation?.packageId ?? other?.packageId,
    };
  }
}

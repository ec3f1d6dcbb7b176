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
import { isForEyesOf, requesterOf } from '../domain/follow-up.js';
import { openTicket, type Requester, type TicketRequest } from '../domain/open-ticket.js';
import type { Person, Ticket } from '../domain/ticket.js';
import { scopeOf } from '../domain/visibility.js';
import { appendTicketEvents } from '../events/ticket-events.js';
import { AccountRepository } from '../persistence/account.repository.js';
import { KnowledgeRepository } from '../persistence/knowledge.repository.js';
import { OrganisationRepository } from '../persistence/organisation.repository.js';
import { TicketNumbers } from '../persistence/ticket-numbers.js';
import { TicketRepository } from '../persistence/ticket.repository.js';

export interface OpenTicketCommand extends Omit<TicketRequest, 'earlier'> {
  readonly requestId: string;
  /** Agents only. */
  readonly onBehalfOf?: Person & { readonly organisationId?: string; readonly packageId?: string };
  /** The search that did not solve the matter (SHP-1). */
  readonly questionId?: string;
  /** The id or the number of the ticket that this one is a follow-up of (PKG-16). */
  readonly followUpOfId?: string;
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
    const named = await this.earlierOf(desk, caller, command);
    const requester = await this.requesterOf(caller, command, named);
    await this.refuseWithoutSeat(desk, caller, requester, command);
    const number = await this.numbers.next(desk);
    const key = { caller, operation: 'open-ticket', requestId: command.requestId, command };
    return this.transactions.once(key, async (tx) => {
      // Locked, so that no reply brings it back in the meantime.
      const seen = named && isForEyesOf(desk, requester, named);
      const earlier = seen ? await this.tickets.lock(tx, scopeOf(desk, caller), named.id) : named && null;
      const now = this.clock.now();
      const ids = { ticketId: newId(), messageId: newId(), number };
      const { ticket, events, message } = openTicket(desk, caller, requester, { ...command, earlier }, ids, now);
      this.tickets.insert(tx, desk, ticket, [message]);
      if (command.questionId) this.knowledge.becameTicket(tx, caller, command.questionId, ticket.id);
      recordAudit(tx, caller, 'open-ticket', ticket.id, now, earlier ? { followUpOfId: earlier.id } : {});
      appendTicketEvents(tx, events);
      return ticket;
    });
  }

  /** Nothing where none is named; null where the caller does not see the one that is. */
  private async earlierOf(desk: DeskDocument, caller: Caller, { followUpOfId }: OpenTicketCommand): Promise<Ticket | null | undefined> {
    if (followUpOfId === undefined) return undefined;
    return (await this.tickets.find(scopeOf(desk, caller), followUpOfId)) ?? null;
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
   * An agent who names nobody opens a follow-up for whom the earlier ticket was. An organisation whose event is still on
   * its way has no package yet; the ticket is accepted all the same and gets it when the event comes.
   */
  private async requesterOf(
    caller: Caller,
    { onBehalfOf }: OpenTicketCommand,
    earlier: Ticket | null | undefined,
  ): Promise<Requester> {
    if (onBehalfOf && !isStaff(caller)) {
      throw invalid([{ field: 'on_behalf_of', description: 'only agents open tickets for others' }]);
    }
    const other = onBehalfOf ?? (earlier && isStaff(caller) ? requesterOf(earlier) : undefined);
    const organisationId = other ? other.organisationId : caller.organisationId;
    const organisation = organisationId ? await this.organisations.find(caller.deskId, organisationId) : undefined;
    if (onBehalfOf && organisationId && !organisation) {
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

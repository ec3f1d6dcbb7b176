import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import type { Violation } from '#kernel/errors.js';
import { newId } from '#kernel/ids.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import { postgresCode, Transactions } from '#platform/database/transactions.js';
import { type ImportedTicket, importFaults, importTicket } from '../domain/import-ticket.js';
import type { Ticket } from '../domain/ticket.js';
import type { Scope } from '../domain/visibility.js';
import { appendTicketEvents } from '../events/ticket-events.js';
import { TicketNumbers } from '../persistence/ticket-numbers.js';
import { TicketRepository } from '../persistence/ticket.repository.js';

export type ImportOutcome =
  | { readonly outcome: 'created' | 'exists'; readonly ticket: Ticket }
  | { readonly outcome: 'refused'; readonly faults: readonly Violation[] };

const UNIQUE_VIOLATION = '23505';

/** Takes one ticket with its history. The external reference makes a repetition harmless. */
@Injectable()
export class ImportTicket {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketRepository,
    private readonly numbers: TicketNumbers,
  ) {}

  async execute(caller: Caller, input: ImportedTicket): Promise<ImportOutcome> {
    const { document: desk } = await this.desks.current(caller.deskId);
    const faults = importFaults(desk, input, this.clock.now());
    if (faults.length > 0) return { outcome: 'refused', faults };
    const scope = { deskId: desk.id };
    const earlier = await this.find(scope, input.externalReference);
    if (earlier) return { outcome: 'exists', ticket: earlier };
    try {
      return { outcome: 'created', ticket: await this.create(caller, desk, input) };
    } catch (error) {
      const rival = postgresCode(error) === UNIQUE_VIOLATION && (await this.find(scope, input.externalReference));
      if (!rival) throw error;
      return { outcome: 'exists', ticket: rival };
    }
  }

  private async create(caller: Caller, desk: DeskDocument, input: ImportedTicket): Promise<Ticket> {
    const number = await this.numbers.next(desk);
    return this.transactions.run(async (tx) => {
      const { ticket, events, messages } = importTicket(desk, input, { ticketId: newId(), number, newId });
      this.tickets.insert(tx, desk, ticket, messages);
      const { externalReference } = input;
      recordAudit(tx, caller, 'import-ticket', ticket.id, this.clock.now(), { externalReference });
      appendTicketEvents(tx, events);
      return ticket;
    });
  }

  private async find(scope: Scope, externalReference: string): Promise<Ticket | undefined> {
    const [ticket] = await this.tickets.list(scope, { statusKinds: [], externalReference, limit: 1 });
    return ticket;
  }
}

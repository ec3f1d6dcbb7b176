import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { Transactions } from '#platform/database/transactions.js';
import { allowanceOf, makeQuote, productOf, type Quote, refuseSecondQuote } from '../domain/quote.js';
import { scopeOf } from '../domain/visibility.js';
import { PurchaseRepository } from '../persistence/purchase.repository.js';
import { QuoteRepository } from '../persistence/quote.repository.js';
import { TicketRepository } from '../persistence/ticket.repository.js';

export interface CreateQuoteCommand {
  readonly requestId: string;
  readonly ticketId: string;
  readonly productId: string;
  readonly language?: string;
}

@Injectable()
export class CreateQuote {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketRepository,
    private readonly purchases: PurchaseRepository,
    private readonly quotes: QuoteRepository,
  ) {}

  async execute(caller: Caller, command: CreateQuoteCommand): Promise<Quote> {
    const { document: desk } = await this.desks.current(caller.deskId);
    const scope = scopeOf(desk, caller);
    const ticket = await this.tickets.get(scope, command.ticketId);
    const product = productOf(desk, command.productId);
    const key = { caller, operation: 'create-quote', requestId: command.requestId, command };
    return this.transactions.once(key, async (tx) => {
      refuseSecondQuote(await this.purchases.findLive(tx, scope, ticket.id, product.id));
      const now = this.clock.now();
      const allowance = allowanceOf(desk, ticket, product.id);
      const used = allowance ? await this.purchases.countIncluded(tx, allowance, now) : 0;
      const included = allowance !== undefined && used < allowance.count;
      const quote = makeQuote(desk, ticket, product, { id: newId(), language: command.language, included }, now);
      this.quotes.insert(tx, quote);
      return quote;
    });
  }
}

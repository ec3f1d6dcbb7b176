import { Injectable } from '@nestjs/common';
import { PurchaseChanged } from '#contracts/generated/priolane/events/v1/billing_events.js';
import type { Money as MoneyMessage } from '#contracts/generated/priolane/common/v1/money.js';
import { type Money, money } from '#kernel/money.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import type { KnownTicket, Person } from '../domain/happening.js';
import { purchaseChanged } from '../domain/purchase-happenings.js';
import { TicketCopies } from '../persistence/ticket-copies.js';
import { TellPeople } from '../use-cases/tell-people.js';

/** OFC-8, SHP-3: what was paid, held, given back or did not succeed. */
@Injectable()
export class OnPurchaseChanged implements EventHandler {
  readonly topic = topicOf('billing');
  readonly type = ['authorized', 'captured', 'failed', 'voided', 'refunded'].map((change) => `purchase.${change}`);

  constructor(
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketCopies,
    private readonly tell: TellPeople,
  ) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const purchase = PurchaseChanged.fromJSON(event.data);
    const { document: desk } = await this.desks.current(event.deskId);
    const buyer: Person = {
      accountId: purchase.buyerAccountId || undefined,
      name: purchase.buyerName,
      email: purchase.buyerEmail,
    };
    const ticket = (await this.tickets.find(tx, event.deskId, purchase.ticketId)) ?? boughtFor(purchase, event.deskId, buyer);
    const { productId, priceVersion } = purchase;
    const gross = toMoney(purchase.gross);
    if (!gross) throw new TypeError(`${event.type} ${event.id} has no price`);
    const refunded = toMoney(purchase.refunded) ?? money(0n, gross.currency);
    const facts = { productId, priceVersion, gross, refunded, buyer };
    await this.tell.about(tx, event.id, desk, purchaseChanged(event.type, ticket, facts));
  }
}

/** The ticket's own events may come later than the purchase's: the purchase says enough of it. */
function boughtFor(purchase: PurchaseChanged, deskId: string, buyer: Person): KnownTicket {
  return {
    id: purchase.ticketId,
    deskId,
    number: purchase.ticketNumber,
    subject: '',
    language: '',
    organisationId: purchase.organisationId || undefined,
    requester: buyer,
    status: '',
    imported: false,
    traits: {},
    sequence: 0,
    lastCustomerSequence: 0,
    lastAgentReplySequence: 0,
  };
}

function toMoney(message: MoneyMessage | null | undefined): Money | undefined {
  return message ? money(message.minor, message.currency) : undefined;
}

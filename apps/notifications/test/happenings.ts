import { PurchaseChanged } from '#contracts/generated/priolane/events/v1/billing_events.js';
import { AccountChanged } from '#contracts/generated/priolane/events/v1/account_events.js';
import {
  type Person,
  TicketMessageAdded,
  TicketOpened,
  TicketStatusChanged,
  type TicketSummary,
} from '#contracts/generated/priolane/events/v1/ticket_events.js';
import { newId } from '#kernel/ids.js';
import type { SaidEvent } from '#testing/neighbours.js';
import { MONDAY } from './service.js';

const AT = MONDAY.toISOString();
export const AGENT: Person = { accountId: newId(), name: 'Alex Agent', email: 'alex@desk.example' };

/** An address that no other test writes to. */
export function somebody(parts: Partial<Person> = {}): Person {
  const accountId = newId();
  return { accountId, name: 'Robin Customer', email: `robin-${accountId}@example.com`, ...parts };
}

/** A ticket of another service, and what it says about it. */
export class SaidTicket {
  readonly id = newId();
  readonly number = String(100_000 + Math.floor(Math.random() * 900_000));
  /** As of what it said last. */
  private status = { status: 'open', statusKind: 'OPEN' };

  constructor(
    readonly deskId: string,
    readonly requester: Person,
    readonly parts: Partial<TicketOpened> = {},
  ) {}

  opened(): SaidEvent {
    return this.event(
      'ticket.opened',
      TicketOpened.toJSON(
        TicketOpened.fromPartial({
          ticketId: this.id,
          number: this.number,
          deskId: this.deskId,
          organisationId: newId(),
          requester: this.requester,
          subject: 'The door stays shut',
          channel: 'form',
          status: 'open',
          statusKind: 'NEW',
          openedAt: AT,
          language: 'en',
          description: 'It does not open.',
          ...this.parts,
        }),
      ),
    );
  }

  said(authorKind: 'agent' | 'customer', author: Person, body: string, parts: Partial<TicketMessageAdded> = {}): SaidEvent {
    const message = { ticketId: this.id, messageId: newId(), authorKind, author, body, sentAt: AT, ticket: this.summary() };
    return this.event('ticket.message_added', TicketMessageAdded.toJSON(TicketMessageAdded.fromPartial({ ...message, ...parts })));
  }

  moved(type: string, parts: Partial<TicketStatusChanged>): SaidEvent {
    this.status = { status: parts.to ?? '', statusKind: parts.toKind ?? '' };
    const change = { ticketId: this.id, changedAt: AT, actor: AGENT, cause: 'agent', ticket: this.summary(), ...parts };
    return this.event(type, TicketStatusChanged.toJSON(TicketStatusChanged.fromPartial(change)));
  }

  bought(change: string, parts: Partial<PurchaseChanged>): SaidEvent {
    const { accountId, name, email } = this.requester;
    const purchase = PurchaseChanged.fromPartial({
      purchaseId: newId(),
      deskId: this.deskId,
      ticketId: this.id,
      ticketNumber: this.number,
      priceVersion: 1,
      gross: { minor: '490', currency: 'EUR' },
      refunded: { minor: '0', currency: 'EUR' },
      changedAt: AT,
      buyerAccountId: accountId,
      buyerName: name,
      buyerEmail: email,
      ...parts,
    });
    const data = PurchaseChanged.toJSON(purchase) as object;
    return { type: `purchase.${change}`, aggregateId: purchase.purchaseId, deskId: this.deskId, occurredAt: MONDAY, data };
  }

  private event(type: string, data: unknown): SaidEvent {
    return { type, aggregateId: this.id, deskId: this.deskId, occurredAt: MONDAY, data: data as object };
  }

  private summary(): TicketSummary {
    return {
      number: this.number,
      subject: 'The door stays shut',
      organisationId: newId(),
      requester: this.requester,
      language: this.parts.language ?? 'en',
      ...this.status,
      imported: this.parts.imported ?? false,
    };
  }
}

export function accountCreated(deskId: string, person: Person, parts: Partial<AccountChanged> = {}): SaidEvent {
  const account = AccountChanged.fromPartial({
    deskId,
    organisationId: newId(),
    roles: ['customer'],
    language: 'en',
    active: true,
    changedAt: AT,
    ...person,
    ...parts,
  });
  const data = AccountChanged.toJSON(account) as object;
  return { type: 'account.created', aggregateId: person.accountId, deskId, occurredAt: MONDAY, data };
}

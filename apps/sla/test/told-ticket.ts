import {
  TicketClassChanged,
  TicketMessageAdded,
  TicketOpened,
  TicketStatusChanged,
  type TicketSummary,
} from '#contracts/generated/priolane/events/v1/ticket_events.js';
import { newId } from '#kernel/ids.js';
import type { DomainEvent } from '#messaging/event.js';
import type { Neighbours } from '#testing/neighbours.js';
import { berlin } from './service.js';

const KINDS: Readonly<Record<string, string>> = { open: 'OPEN', pending: 'PENDING', on_hold: 'ON_HOLD', solved: 'SOLVED' };

export interface ToldParts {
  readonly deskId?: string;
  readonly organisationId?: string;
  readonly accountId?: string;
  readonly priority?: string;
  readonly lane?: string;
  readonly packageId?: string;
  readonly type?: string;
}

let lastNumber = 100_000;

/** A ticket as the tickets service publishes it, event by event; instants are in Berlin. */
export class ToldTicket {
  readonly id = newId();
  readonly number = String(++lastNumber);
  private sequence = 0;
  private status = 'open';

  constructor(
    private readonly neighbours: Neighbours,
    readonly parts: ToldParts = {},
  ) {}

  /** @param history the sequence of the last event that was moved in with it */
  opened(when: string, history = 0): Promise<DomainEvent> {
    const { deskId = 'office', organisationId = '', priority = 'normal', lane = 'normal', packageId = '' } = this.parts;
    return this.say('ticket.opened', when, TicketOpened.toJSON({
      ticketId: this.id,
      number: this.number,
      deskId,
      organisationId,
      packageId,
      requester: this.requester,
      subject: 'No signal',
      type: this.parts.type ?? 'issue',
      department: '',
      priority,
      channel: 'form',
      lane,
      status: 'open',
      statusKind: 'OPEN',
      openedAt: berlin(when).toISOString(),
      language: 'en',
      description: 'The device sends nothing.',
      imported: history > 0,
      externalReference: '',
      historySequence: String(history),
    }));
  }

  reply(when: string): Promise<DomainEvent> {
    return this.message(when, 'agent', {});
  }

  note(when: string): Promise<DomainEvent> {
    return this.message(when, 'agent', { internal: true });
  }

  customer(when: string): Promise<DomainEvent> {
    return this.message(when, 'customer', {});
  }

  moved(when: string, to: string): Promise<DomainEvent> {
    const from = this.status;
    this.status = to;
    const type = to === 'solved' ? 'ticket.resolved' : from === 'solved' ? 'ticket.reopened' : 'ticket.status_changed';
    return this.say(type, when, TicketStatusChanged.toJSON({
      ticketId: this.id,
      from,
      fromKind: KINDS[from]!,
      to,
      toKind: KINDS[to]!,
      changedAt: berlin(when).toISOString(),
      cause: 'agent',
      actor: undefined,
      fault: '',
      ticket: this.summary,
      customerTold: false,
      lifecycleRule: '',
    }));
  }

  changed(when: string, dimension: string, to: string): Promise<DomainEvent> {
    return this.say(`ticket.${dimension}_changed`, when, TicketClassChanged.toJSON({
      ticketId: this.id,
      dimension,
      from: '',
      to,
      changedAt: berlin(when).toISOString(),
      actor: undefined,
      reason: '',
      purchaseId: '',
      ticket: this.summary,
    }));
  }

  /** The next event takes this place among the ticket's events: for what arrives out of order. */
  at(sequence: number): this {
    this.sequence = sequence - 1;
    return this;
  }

  private message(when: string, authorKind: string, parts: { internal?: boolean }): Promise<DomainEvent> {
    return this.say('ticket.message_added', when, TicketMessageAdded.toJSON({
      ticketId: this.id,
      messageId: newId(),
      authorKind,
      author: undefined,
      internal: parts.internal ?? false,
      automatic: false,
      body: 'text',
      sentAt: berlin(when).toISOString(),
      ticket: this.summary,
    }));
  }

  private say(type: string, when: string, data: unknown): Promise<DomainEvent> {
    this.sequence += 1;
    return this.neighbours.say('tickets', {
      type,
      aggregateId: this.id,
      sequence: this.sequence,
      deskId: this.parts.deskId ?? 'office',
      occurredAt: berlin(when),
      data: data as object,
    });
  }

  private get requester(): { accountId: string; name: string; email: string } {
    return { accountId: this.parts.accountId ?? '', name: 'Kim Customer', email: 'kim@example.com' };
  }

  private get summary(): TicketSummary {
    return {
      number: this.number,
      subject: 'No signal',
      organisationId: this.parts.organisationId ?? '',
      requester: this.requester,
      language: 'en',
      status: this.status,
      statusKind: KINDS[this.status]!,
      imported: false,
    };
  }
}

import type { TicketTraits } from '#kernel/desk/lookups.js';
import type { StatusKind } from '#kernel/desk/ticketing.js';
import type { ChannelId } from '#kernel/desk/vocabulary.js';

/** Somebody on a ticket. Without an account id: a guest, or a person known only by what they wrote. */
export interface Person {
  readonly accountId?: string;
  readonly name: string;
  readonly email: string;
}

/** Another ticket, as it is named. */
export interface TicketReference {
  readonly id: string;
  readonly number: string;
}

export interface Ticket {
  readonly id: string;
  /** Unique within the desk; for people (FLT-8). */
  readonly number: string;
  readonly deskId: string;
  /** None while the ticket is bound to no account. */
  readonly organisationId?: string;
  readonly packageId?: string;
  readonly requester: Person;
  readonly subject: string;
  readonly type: string;
  readonly department?: string;
  readonly priority?: string;
  readonly channel: ChannelId;
  readonly lane: string;
  readonly status: string;
  readonly statusKind: StatusKind;
  readonly assignee?: Person;
  readonly openedAt: Date;
  readonly updatedAt: Date;
  readonly solvedAt?: Date;
  /** When the next target is due, as the SLA service last said. */
  readonly dueAt?: Date;
  /** The purchase of a call-back that is held and not yet charged or given back (OFC-8). */
  readonly liveCallBack?: string;
  /** Of the ticket's newest event; gap-free from 1. */
  readonly sequence: number;
  /** Of the newest message a customer wrote; a lifecycle step that was armed before it does nothing (PKG-17). */
  readonly lastCustomerSequence: number;
  /** Of our newest public reply; a silence that was counted from an earlier one counts no more (FLT-11). */
  readonly lastAgentReplySequence: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly language: string;
  readonly externalReference?: string;
  /** The earlier ticket that this one is based on (PKG-16). */
  readonly followUpOf?: TicketReference;
  /** Moved in from another system: nobody is told, nothing is bought. */
  readonly imported: boolean;
}

export type AuthorKind = 'customer' | 'agent' | 'system';

export interface Message {
  readonly id: string;
  readonly ticketId: string;
  readonly deskId: string;
  readonly authorKind: AuthorKind;
  readonly author: Person;
  /** An internal note: never shown to customers, answers nothing. */
  readonly internal: boolean;
  /** Sent by a rule, not by a person: answers nothing. */
  readonly automatic: boolean;
  readonly body: string;
  readonly sentAt: Date;
}

export type Dimension = 'priority' | 'lane' | 'package' | 'type' | 'department';
export type StatusCause = 'agent' | 'customer_reply' | 'agent_reply' | 'claim' | 'lifecycle' | 'import';

/** What happened to a ticket. Each is one event, with the ticket's next sequence. */
export type TicketChange =
  | {
      readonly kind: 'opened';
      readonly description: string;
      /** Of an imported ticket: the sequence of the last event of its history. */
      readonly historySequence?: number;
    }
  | { readonly kind: 'message_added'; readonly message: Message }
  | { readonly kind: 'assigned'; readonly agent: Person }
  | {
      readonly kind: 'status_changed';
      readonly from: string;
      readonly fromKind: StatusKind;
      readonly to: string;
      readonly toKind: StatusKind;
      readonly cause: StatusCause;
      readonly actor?: Person;
      readonly fault?: string;
      readonly customerTold?: boolean;
      readonly lifecycleRule?: string;
    }
  | {
      readonly kind: 'class_changed';
      readonly dimension: Dimension;
      readonly from: string;
      readonly to: string;
      readonly reason: string;
      readonly actor?: Person;
      readonly purchaseId?: string;
    };

export interface TicketEvent {
  readonly sequence: number;
  readonly occurredAt: Date;
  readonly change: TicketChange;
  /** The ticket right after the change. */
  readonly ticket: Ticket;
}

/** A ticket and what has happened to it in this transaction; the last step before it is written. */
export interface Changed {
  readonly ticket: Ticket;
  readonly events: readonly TicketEvent[];
}

export function unchanged(ticket: Ticket): Changed {
  return { ticket, events: [] };
}

/** Takes the next sequence for a change that leaves the ticket as given. */
export function apply(changed: Changed, now: Date, change: TicketChange, set: Partial<Ticket> = {}): Changed {
  const ticket = { ...changed.ticket, ...set, updatedAt: now, sequence: changed.ticket.sequence + 1 };
  return { ticket, events: [...changed.events, { sequence: ticket.sequence, occurredAt: now, change, ticket }] };
}

/** Solved or closed: nobody works on it any more. */
export function isOver(kind: StatusKind): boolean {
  return kind === 'SOLVED' || kind === 'CLOSED';
}

/** What decides which policy line, form and refusals hold. */
export function traitsOf(ticket: Ticket): TicketTraits {
  return {
    package: ticket.packageId,
    type: ticket.type,
    department: ticket.department,
    priority: ticket.priority,
    channel: ticket.channel,
    lane: ticket.lane,
  };
}

/** What a message, as the ticket's next event, leaves behind for lifecycle timers. */
export function heardAs(message: Message, ticket: Ticket): Partial<Ticket> {
  const sequence = ticket.sequence + 1;
  if (message.authorKind === 'customer') return { lastCustomerSequence: sequence };
  return message.internal || message.automatic ? {} : { lastAgentReplySequence: sequence };
}

import {
  TicketClassChanged,
  TicketMessageAdded,
  TicketOpened,
  TicketStatusChanged,
  type TicketSummary,
} from '#contracts/generated/priolane/events/v1/ticket_events.js';
import { epochSeconds } from '#kernel/business-time/dates.js';
import { STATUS_KINDS, type StatusKind } from '#kernel/desk/ticketing.js';
import { CHANNELS, type ChannelId } from '#kernel/desk/vocabulary.js';
import type { DomainEvent } from '#messaging/event.js';
import type { Dimension, Fact } from '../domain/facts.js';

/** Whose ticket it is, as the event says: what decides who may see its clocks. */
export interface TicketIdentity {
  readonly number: string;
  readonly organisationId: string;
  readonly requesterAccountId: string;
  readonly imported: boolean;
}

export interface HeardOfTicket {
  readonly fact: Fact;
  readonly identity?: TicketIdentity;
}

const CHANGES = new Set(['ticket.status_changed', 'ticket.resolved', 'ticket.reopened']);
const DIMENSIONS: readonly Dimension[] = ['package', 'type', 'department', 'priority', 'channel', 'lane'];

/** An event of a ticket as its clocks see it; one that says nothing to them is a fact all the same. */
export function toFact(event: DomainEvent): HeardOfTicket {
  const numbered = { sequence: event.sequence, at: epochSeconds(event.occurredAt) };
  const other = { kind: 'other', ...numbered } as const;
  if (event.type === 'ticket.opened') return opened(TicketOpened.fromJSON(event.data), numbered);
  if (event.type === 'ticket.message_added') {
    const message = TicketMessageAdded.fromJSON(event.data);
    const byAgent = message.authorKind === 'agent' && !message.internal && !message.automatic;
    const byCustomer = message.authorKind === 'customer' && !message.internal;
    const kind = byAgent ? 'agent_reply' : byCustomer ? 'customer_message' : 'other';
    return { fact: { kind, ...numbered }, identity: identityOf(message.ticket) };
  }
  if (CHANGES.has(event.type)) {
    const { to, toKind, cause, ticket } = TicketStatusChanged.fromJSON(event.data);
    const byUs = cause !== 'customer_reply' && cause !== 'lifecycle';
    const fact: Fact = { kind: 'status_changed', ...numbered, to, toKind: statusKind(toKind), byUs };
    return { fact, identity: identityOf(ticket) };
  }
  if (/^ticket\.\w+_changed$/.test(event.type)) {
    const { dimension: name, to, ticket } = TicketClassChanged.fromJSON(event.data);
    const dimension = DIMENSIONS.find((known) => known === name);
    const changed = dimension && ({ kind: 'class_changed', ...numbered, dimension, ...(to ? { to } : {}) } as const);
    return { fact: changed ?? other, identity: identityOf(ticket) };
  }
  return { fact: other };
}

function opened(ticket: TicketOpened, numbered: { sequence: number; at: number }): HeardOfTicket {
  const given = Object.entries({
    package: ticket.packageId,
    type: ticket.type,
    department: ticket.department,
    priority: ticket.priority,
    channel: channelOf(ticket.channel) ?? '',
    lane: ticket.lane,
  }).filter(([, value]) => value !== '');
  const { number, organisationId, requester, imported, status } = ticket;
  const historySequence = Number(ticket.historySequence);
  return {
    fact: {
      kind: 'opened',
      ...numbered,
      traits: Object.fromEntries(given),
      status,
      statusKind: statusKind(ticket.statusKind),
      ...(historySequence > 0 ? { historySequence } : {}),
    },
    identity: { number, organisationId, requesterAccountId: requester?.accountId ?? '', imported },
  };
}

function identityOf(ticket: TicketSummary | undefined): TicketIdentity | undefined {
  if (ticket === undefined || ticket.number === '') return undefined;
  const { number, organisationId, requester, imported } = ticket;
  return { number, organisationId, requesterAccountId: requester?.accountId ?? '', imported };
}

function statusKind(text: string): StatusKind {
  const kind = STATUS_KINDS.find((known) => known === text);
  if (kind === undefined) throw new TypeError(`${text} is no kind of status`);
  return kind;
}

function channelOf(text: string): ChannelId | undefined {
  return CHANNELS.find((known) => known === text);
}

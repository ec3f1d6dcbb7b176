import type { DeskDocument } from '#kernel/desk/document.js';
import { matches, statusOf } from '#kernel/desk/lookups.js';
import type { NotificationEvent } from '#kernel/desk/messages.js';
import type { Happening, KnownTicket, OwnMail, Person } from './happening.js';
import { isVerified } from './happening.js';

export function ticketOpened(desk: DeskDocument, ticket: KnownTicket): Happening {
  const unverified = desk.verification !== undefined && !isVerified(ticket);
  return { kinds: unverified ? ['ticket.opened', 'ticket.verification_needed'] : ['ticket.opened'], ticket };
}

export interface SaidMessage {
  readonly authorKind: string;
  readonly author: Person;
  readonly internal: boolean;
  /** Sent by a rule, not by a person. */
  readonly automatic: boolean;
  readonly body: string;
}

/** The ticket after a message that is its newest event: whom a silence is waited for, and since which reply. */
export function afterMessage(ticket: KnownTicket, message: SaidMessage): KnownTicket {
  if (message.authorKind === 'customer') return { ...ticket, lastCustomerSequence: ticket.sequence };
  return message.internal || message.automatic ? ticket : { ...ticket, lastAgentReplySequence: ticket.sequence };
}

/** A reply tells the other side (PKG-19); notes and automatic messages tell nobody. */
export function messageAdded(ticket: KnownTicket, message: SaidMessage): Happening | undefined {
  if (message.internal || message.automatic || message.authorKind === 'system') return undefined;
  return {
    kinds: [message.authorKind === 'agent' ? 'ticket.replied' : 'ticket.customer_replied'],
    ticket,
    actor: message.author,
    variables: () => ({ 'message.author': message.author.name, 'message.text': message.body }),
  };
}

export interface StatusMove {
  readonly eventType: string;
  readonly fromKind: string;
  readonly to: string;
  readonly toKind: string;
  readonly cause: string;
  readonly actor?: Person;
  readonly customerTold: boolean;
  readonly lifecycleRule?: string;
}

const BY_STAFF = ['agent', 'agent_reply', 'claim'];

/**
 * A status change in all the ways a rule may speak of it. A mail that the lifecycle rule itself names takes the place of
 * the usual one, as an agent's own words do: the customer is told once (OFC-12).
 */
export function statusChanged(desk: DeskDocument, ticket: KnownTicket, move: StatusMove): Happening {
  const over = move.toKind === 'SOLVED' || move.toKind === 'CLOSED';
  const kinds: NotificationEvent[] = ['ticket.status_changed'];
  if (move.eventType === 'ticket.resolved') kinds.push('ticket.resolved');
  if (move.eventType === 'ticket.reopened') kinds.push('ticket.reopened');
  if (move.toKind === 'CLOSED') kinds.push('ticket.closed');
  if (move.to === desk.tickets.parking?.status) kinds.push('ticket.parked');
  else if (move.fromKind === 'NEW' && !over && BY_STAFF.includes(move.cause)) kinds.push('ticket.started');
  const rule = desk.lifecycle.find((entry) => entry.id === move.lifecycleRule);
  const notify = rule?.steps.find((step) => step.moveTo === move.to)?.notify;
  const ownMails = rule && notify ? [lifecycleMail(rule.id, notify, ticket.requester)] : [];
  return { kinds, ticket, actor: move.actor, customerTold: move.customerTold || ownMails.length > 0, ownMails };
}

export interface LifecycleDue {
  readonly ruleId: string;
  readonly step: number;
  /** The ticket event that armed the timer. */
  readonly anchorSequence: number;
}

/**
 * A step that only asks the customer (PKG-17): void once they wrote, once we replied again and the silence counts from that
 * reply, or once the ticket left the rule's statuses.
 */
export function lifecycleAsks(desk: DeskDocument, ticket: KnownTicket, due: LifecycleDue): Happening | undefined {
  const rule = desk.lifecycle.find((entry) => entry.id === due.ruleId);
  const step = rule?.steps[due.step];
  if (!rule || !step?.notify || step.moveTo !== undefined) return undefined;
  const holds =
    rule.whileIn.includes(statusOf(desk, ticket.status).id) &&
    matches(rule.match, ticket.traits) &&
    ticket.lastCustomerSequence <= due.anchorSequence &&
    (rule.from !== 'last_public_reply' || ticket.lastAgentReplySequence <= due.anchorSequence);
  if (!holds) return undefined;
  const ownMails = [lifecycleMail(`${rule.id}:${due.step}`, step.notify, ticket.requester)];
  return { kinds: [], ticket, ownMails };
}

/** `reason` is a code or an agent's words; only words are shown. */
export function priorityCorrected(ticket: KnownTicket, actor: Person | undefined, reason: string): Happening {
  const words = /^[a-z0-9_]+$/.test(reason) ? '' : reason;
  return { kinds: ['ticket.priority_corrected'], ticket, actor, variables: () => ({ 'change.reason': words }) };
}

function lifecycleMail(id: string, template: string, to: Person): OwnMail {
  return { ruleId: `lifecycle:${id}`, template, category: 'ticket', to };
}

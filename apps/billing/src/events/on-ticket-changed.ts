import { Injectable } from '@nestjs/common';
import { TicketClassChanged, TicketStatusChanged } from '#contracts/generated/priolane/events/v1/ticket_events.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { type TicketChange, TicketRepository } from '../persistence/ticket.repository.js';

const COLUMNS: Readonly<Record<string, NonNullable<TicketChange['dimension']>['column']>> = {
  'ticket.priority_changed': 'priority',
  'ticket.lane_changed': 'lane',
  'ticket.package_changed': 'package_id',
  'ticket.type_changed': 'type',
  'ticket.department_changed': 'department',
};

const STATUS = ['ticket.status_changed', 'ticket.resolved', 'ticket.reopened'];

/** Keeps the copy of the ticket up to date. */
@Injectable()
export class OnTicketChanged implements EventHandler {
  readonly topic = topicOf('tickets');
  readonly type = [...STATUS, ...Object.keys(COLUMNS)];

  constructor(private readonly tickets: TicketRepository) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    this.tickets.update(tx, event.aggregateId, STATUS.includes(event.type) ? ofStatus(event) : ofClass(event), event.sequence);
  }
}

function ofStatus(event: DomainEvent): TicketChange {
  const { toKind, ticket } = TicketStatusChanged.fromJSON(event.data);
  return { statusKind: toKind, ...belongsTo(ticket) };
}

function ofClass(event: DomainEvent): TicketChange {
  const { to, ticket } = TicketClassChanged.fromJSON(event.data);
  return { dimension: { column: COLUMNS[event.type]!, value: to || null }, ...belongsTo(ticket) };
}

/** A ticket of a stranger is bound to an account once its writer is known. */
function belongsTo(ticket: TicketStatusChanged['ticket']): Pick<TicketChange, 'organisationId' | 'requesterAccountId'> {
  return {
    organisationId: ticket?.organisationId || undefined,
    requesterAccountId: ticket?.requester?.accountId || undefined,
  };
}

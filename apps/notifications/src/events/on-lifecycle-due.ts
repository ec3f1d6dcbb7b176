import { Injectable } from '@nestjs/common';
import { LifecycleDue } from '#contracts/generated/priolane/events/v1/sla_events.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { lifecycleAsks } from '../domain/ticket-happenings.js';
import { TicketCopies } from '../persistence/ticket-copies.js';
import { TellPeople } from '../use-cases/tell-people.js';

/** Steps that only ask the customer (PKG-17). Those that move the ticket are told of when `tickets` has moved it. */
@Injectable()
export class OnLifecycleDue implements EventHandler {
  readonly topic = topicOf('sla');
  readonly type = 'lifecycle.due';

  constructor(
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketCopies,
    private readonly tell: TellPeople,
  ) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const due = LifecycleDue.fromJSON(event.data);
    if (due.moveTo !== '' || due.notify === '') return;
    const { document: desk } = await this.desks.current(event.deskId);
    const ticket = await this.tickets.find(tx, event.deskId, due.ticketId);
    const anchorSequence = Number(due.anchorSequence);
    if (!ticket || ticket.sequence < anchorSequence) {
      throw new Error(`the events of ticket ${due.ticketId} up to ${anchorSequence} are still on their way`);
    }
    const happening = lifecycleAsks(desk, ticket, { ruleId: due.ruleId, step: due.step, anchorSequence });
    if (happening) await this.tell.about(tx, event.id, desk, happening);
  }
}

import { Injectable } from '@nestjs/common';
import { OrganisationChanged } from '#contracts/generated/priolane/events/v1/account_events.js';
import { Clock } from '#kernel/clock.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { changeClass } from '../domain/reclassify.js';
import { unchanged } from '../domain/ticket.js';
import { OrganisationRepository } from '../persistence/organisation.repository.js';
import { TicketRepository } from '../persistence/ticket.repository.js';
import { appendTicketEvents } from './ticket-events.js';

/** Keeps the copy of the organisation; another package counts at once for its open tickets (PKG-6). */
@Injectable()
export class OnOrganisationChanged implements EventHandler {
  readonly topic = topicOf('accounts');
  readonly type = ['organisation.created', 'organisation.changed'];

  constructor(
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketRepository,
    private readonly organisations: OrganisationRepository,
  ) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const { organisationId: id, name, packageId } = OrganisationChanged.fromJSON(event.data);
    const { deskId } = event;
    const newer = await this.organisations.put(tx, { id, deskId, name, packageId: packageId || null }, event.sequence);
    if (!newer) return;
    const { document: desk } = await this.desks.current(deskId);
    for (const before of await this.tickets.lockOpenOfOrganisation(tx, deskId, id)) {
      const why = { reason: 'package_changed' };
      const changed = changeClass(unchanged(before), 'package', packageId || undefined, why, this.clock.now());
      if (changed.events.length === 0) continue;
      this.tickets.update(tx, desk, changed.ticket);
      appendTicketEvents(tx, changed.events, event.id);
    }
  }
}

import { Injectable } from '@nestjs/common';
import { OrganisationChanged } from '#contracts/generated/priolane/events/v1/account_events.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { packageChanged } from '../domain/account-happenings.js';
import { PeopleRepository } from '../persistence/people.repository.js';
import { TellPeople } from '../use-cases/tell-people.js';

/** PKG-6: another package is told of; the first one is not a change. */
@Injectable()
export class OnOrganisationChanged implements EventHandler {
  readonly topic = topicOf('accounts');
  readonly type = ['organisation.created', 'organisation.changed'];

  constructor(
    private readonly desks: DeskDirectory,
    private readonly people: PeopleRepository,
    private readonly tell: TellPeople,
  ) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const { organisationId: id, packageId } = OrganisationChanged.fromJSON(event.data);
    const { deskId } = event;
    const news = await this.people.putOrganisation(tx, { id, deskId, packageId }, event.sequence);
    if (!news?.packageBefore || packageId === '' || news.packageBefore === packageId) return;
    const { document: desk } = await this.desks.current(deskId);
    const managers = await this.people.managersOf(tx, deskId, id);
    await this.tell.about(tx, event.id, desk, packageChanged(packageId, managers));
  }
}

import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import { Transactions } from '#platform/database/transactions.js';
import { Checks } from '../domain/checks.js';
import { choosePackage, seatsLimit } from '../domain/seats.js';
import { deskNamedBy } from '../domain/tenancy.js';
import { organisationEvent } from '../events/account-events.js';
import { DeskDocuments } from '../persistence/desk-documents.js';
import { insertOrganisation } from '../persistence/organisation.repository.js';
import type { OrganisationView } from './organisation-view.js';

export interface CreateOrganisationCommand {
  readonly requestId: string;
  readonly deskId: string;
  readonly name: string;
  readonly packageId: string;
}

@Injectable()
export class CreateOrganisation {
  constructor(
    private readonly transactions: Transactions,
    private readonly desks: DeskDocuments,
    private readonly clock: Clock,
  ) {}

  async execute(caller: Caller, command: CreateOrganisationCommand): Promise<OrganisationView> {
    const { requestId, ...request } = command;
    new Checks().requestId(requestId).name(request.name).done();
    const deskId = deskNamedBy(caller, request.deskId);
    const key = { caller, operation: 'create-organisation', requestId, command: request };
    return this.transactions.once(key, async (tx) => {
      const desk = await this.desks.held(tx, deskId);
      const packageId = choosePackage(desk, request.packageId);
      const now = this.clock.now();
      const organisation = { id: newId(), deskId, name: request.name.trim(), packageId, sequence: 1, createdAt: now };
      insertOrganisation(tx, organisation);
      organisationEvent(tx, 'organisation.created', organisation, now);
      recordAudit(tx, caller, 'create-organisation', organisation.id, now, { packageId });
      const { sequence: _, ...view } = organisation;
      return { ...view, seatsUsed: 0, seatsLimit: seatsLimit(desk, packageId) };
    });
  }
}

import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { DomainError } from '#kernel/errors.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import { Transactions } from '#platform/database/transactions.js';
import { Checks } from '../domain/checks.js';
import { isAmong } from '../domain/refusal.js';
import { requireRoomFor } from '../domain/seats.js';
import { scopeOf } from '../domain/tenancy.js';
import { organisationEvent } from '../events/account-events.js';
import { DeskDocuments } from '../persistence/desk-documents.js';
import { changeOrganisation, lockOrganisation, seatHolders } from '../persistence/organisation.repository.js';
import { type OrganisationView, withSeatsLimit } from './organisation-view.js';

export interface ChangePackageCommand {
  readonly requestId: string;
  readonly organisationId: string;
  readonly packageId: string;
}

/** PKG-6: more seats count at once; fewer than are in use is refused, naming who would have to go. */
@Injectable()
export class ChangePackage {
  constructor(
    private readonly transactions: Transactions,
    private readonly desks: DeskDocuments,
    private readonly clock: Clock,
  ) {}

  async execute(caller: Caller, command: ChangePackageCommand): Promise<OrganisationView> {
    const { requestId, ...request } = command;
    const checks = new Checks().requestId(requestId).id('organisation_id', request.organisationId);
    if (request.packageId === '') checks.fault('package_id', 'is required');
    checks.done();
    const key = { caller, operation: 'change-package', requestId, command: request };
    return this.transactions.once(key, async (tx) => {
      const before = await lockOrganisation(tx, scopeOf(caller), request.organisationId);
      const desk = await this.desks.held(tx, before.deskId);
      const { by } = desk.accounts.packageChange;
      if (!isAmong(caller, by)) {
        throw new DomainError('FORBIDDEN', 'PACKAGE_CHANGE_NOT_ALLOWED', `on this desk ${by.join(' and ')} change packages`, {
          metadata: { allowed: by.join(',') },
        });
      }
      const holders = await seatHolders(tx, before.id);
      requireRoomFor(desk, { from: before.packageId, to: request.packageId }, holders);
      const { sequence, ...summary } = { ...before, packageId: request.packageId, seatsUsed: holders.length };
      if (before.packageId !== request.packageId) {
        const now = this.clock.now();
        const after = { ...before, packageId: request.packageId, sequence: sequence + 1 };
        changeOrganisation(tx, before.id, { packageId: after.packageId, sequence: after.sequence });
        organisationEvent(tx, 'organisation.changed', after, now);
        recordAudit(tx, caller, 'change-package', before.id, now, { from: before.packageId, to: after.packageId });
      }
      return withSeatsLimit(summary, desk);
    });
  }
}

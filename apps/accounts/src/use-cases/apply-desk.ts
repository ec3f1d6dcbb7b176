import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { DomainError } from '#kernel/errors.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import { DeskFiles } from '../clients/desk-files.js';
import { Checks } from '../domain/checks.js';
import { contentHash } from '../domain/desk-content.js';
import { requirePackagesKept } from '../domain/seats.js';
import { scopeOf } from '../domain/tenancy.js';
import { deskAggregateId, deskApplied } from '../events/account-events.js';
import type { DeskView } from '../persistence/desk.queries.js';
import { contentInForce, insertDeskVersion, lockDesk, moveDesk, packagesInUse } from '../persistence/desk.repository.js';

export interface ApplyDeskCommand {
  readonly requestId: string;
  readonly source: string;
}

export interface AppliedDesk {
  readonly desk: DeskView;
  /** False when the content was in force already. */
  readonly changed: boolean;
  readonly warnings: readonly string[];
}

/** Checks a desk file as a whole and puts it in force as the next version; the same content again changes nothing. */
@Injectable()
export class ApplyDesk {
  constructor(
    private readonly transactions: Transactions,
    private readonly files: DeskFiles,
    private readonly clock: Clock,
  ) {}

  async execute(caller: Caller, command: ApplyDeskCommand): Promise<AppliedDesk> {
    const checks = new Checks().requestId(command.requestId);
    if (command.source.trim() === '') checks.fault('source', 'is required');
    checks.done();
    const { document, warnings } = this.files.read(command.source);
    requireOwnDesk(caller, document.id);
    const key = { caller, operation: 'apply-desk', requestId: command.requestId, command: { source: command.source } };
    return this.transactions.once(key, async (tx) => ({ ...(await this.apply(tx, caller, document)), warnings }));
  }

  private async apply(
    tx: Transaction,
    caller: Caller,
    document: DeskDocument,
  ): Promise<{ desk: DeskView; changed: boolean }> {
    const desk = await lockDesk(tx, document.id, deskAggregateId(document.id));
    const hash = contentHash(document);
    const text = JSON.stringify(document);
    const before = await contentInForce(tx, desk);
    const view = { id: desk.id, name: document.name, document: text };
    if (before?.hash.equals(hash)) {
      return { desk: { ...view, version: desk.version, appliedAt: before.appliedAt }, changed: false };
    }
    requirePackagesKept(document, await packagesInUse(tx, desk.id));
    const appliedAt = this.clock.now();
    const version = desk.version + 1;
    const sequence = desk.sequence + 1;
    insertDeskVersion(tx, { number: version, document, hash, appliedAt });
    moveDesk(tx, desk.id, { version, sequence });
    deskApplied(tx, { id: desk.id, aggregateId: desk.aggregateId, version, sequence, document: text, appliedAt });
    recordAudit(tx, caller, 'apply-desk', desk.aggregateId, appliedAt, { version });
    return { desk: { ...view, version, appliedAt }, changed: true };
  }
}

/** A desk's own admin applies that desk only. */
function requireOwnDesk(caller: Caller, deskId: string): void {
  const scope = scopeOf(caller);
  if (scope.deskId === null || scope.deskId === deskId) return;
  throw new DomainError('FORBIDDEN', 'DESK_NOT_YOURS', `you are an admin of ${scope.deskId}, not of ${deskId}`, {
    metadata: { desk_id: deskId },
  });
}

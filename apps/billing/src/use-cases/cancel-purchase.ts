import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { illegalState } from '#kernel/errors.js';
import { newId } from '#kernel/ids.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import { decideCancel } from '../domain/decisions.js';
import type { Purchase } from '../domain/purchase.js';
import { CANCELABLE } from '../domain/purchase-state.js';
import { scopeOf } from '../domain/visibility.js';
import { appendPurchaseEvents } from '../events/purchase-events.js';
import { OperationRepository } from '../persistence/operation.repository.js';
import { PurchaseRepository } from '../persistence/purchase.repository.js';
import { afterOperation } from './after-operation.js';
import { PerformOperation } from './perform-operation.js';

export interface CancelPurchaseCommand {
  readonly requestId: string;
  readonly purchaseId: string;
}

@Injectable()
export class CancelPurchase {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly purchases: PurchaseRepository,
    private readonly operations: OperationRepository,
    private readonly performs: PerformOperation,
  ) {}

  async execute(caller: Caller, command: CancelPurchaseCommand): Promise<Purchase> {
    const { document: desk } = await this.desks.current(caller.deskId);
    const scope = scopeOf(desk, caller);
    const key = { caller, operation: 'cancel-purchase', requestId: command.requestId, command };
    const operationIds = await this.transactions.once(key, async (tx) => {
      const before = await this.purchases.lock(tx, scope, command.purchaseId);
      const now = this.clock.now();
      const { purchase, events } = decideCancel(before, now);
      this.purchases.update(tx, purchase);
      appendPurchaseEvents(tx, events);
      recordAudit(tx, caller, 'cancel-purchase', purchase.id, now);
      return purchase.included ? [] : this.plan(tx, purchase, now);
    });
    for (const id of operationIds) {
      const operation = await this.performs.execute(id);
      // A payment that Stripe would not take needs no cancelling.
      if (operation.kind === 'cancel' || operation.state === 'pending') {
        afterOperation(operation, this.refusalFor(command.purchaseId));
      }
    }
    return this.purchases.get(scope, command.purchaseId);
  }

  /** A payment that may just be coming into being is made first and then cancelled: it is never left behind. */
  private async plan(tx: Transaction, purchase: Purchase, now: Date): Promise<string[]> {
    const pending = await this.operations.lockPending(tx, purchase.id);
    const planned = pending.find((operation) => operation.kind === 'cancel');
    const earlier = pending.filter((operation) => operation !== planned).map((operation) => operation.id);
    if (planned) return [...earlier, planned.id];
    const id = newId();
    this.operations.insert(tx, { id, purchaseId: purchase.id, kind: 'cancel', afterId: earlier.at(-1), decidedAt: now });
    return [...earlier, id];
  }

  private refusalFor(purchaseId: string): (error: string) => Error {
    return (error) => illegalState('NOT_CANCELABLE', `purchase ${purchaseId} was not cancelled: ${error}`, '', CANCELABLE);
  }
}

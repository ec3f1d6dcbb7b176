import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, illegalState, invalid } from '#kernel/errors.js';
import { newId } from '#kernel/ids.js';
import type { Money } from '#kernel/money.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import { Transactions } from '#platform/database/transactions.js';
import { decideRefund } from '../domain/decisions.js';
import type { Purchase, RefundReason } from '../domain/purchase.js';
import { scopeOf } from '../domain/visibility.js';
import { OperationRepository } from '../persistence/operation.repository.js';
import { PurchaseRepository } from '../persistence/purchase.repository.js';
import { RefundRepository } from '../persistence/refund.repository.js';
import { afterOperation } from './after-operation.js';
import { PerformOperation } from './perform-operation.js';

export interface RefundPurchaseCommand {
  readonly requestId: string;
  readonly purchaseId: string;
  /** Absent: all that is left. */
  readonly amount?: Money;
  readonly reason: RefundReason;
}

@Injectable()
export class RefundPurchase {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly purchases: PurchaseRepository,
    private readonly refunds: RefundRepository,
    private readonly operations: OperationRepository,
    private readonly performs: PerformOperation,
  ) {}

  async execute(caller: Caller, command: RefundPurchaseCommand): Promise<Purchase> {
    const { document: desk } = await this.desks.current(caller.deskId);
    const scope = scopeOf(desk, caller);
    const { amount, reason } = command;
    const key = { caller, operation: 'refund-purchase', requestId: command.requestId, command };
    const operationId = await this.transactions.once(key, async (tx) => {
      const before = await this.purchases.lock(tx, scope, command.purchaseId);
      const now = this.clock.now();
      checkApprover(before, caller);
      if (amount && amount.currency !== before.currency) {
        throw invalid([{ field: 'amount.currency', description: `${amount.currency} is not ${before.currency}` }]);
      }
      const decision = { amount: amount?.minor, reason, approver: caller.accountId };
      const { purchase, refund } = decideRefund(before, decision, newId(), now);
      this.purchases.update(tx, purchase);
      this.refunds.save(tx, refund);
      this.operations.insert(tx, { id: refund.id, purchaseId: purchase.id, kind: 'refund', decidedAt: now });
      recordAudit(tx, caller, 'refund-purchase', purchase.id, now, { amount: String(refund.amount), reason });
      return refund.id;
    });
    afterOperation(await this.performs.execute(operationId), (error) =>
      illegalState('REFUND_REFUSED', `the payment provider refused the refund: ${error}`, '', []),
    );
    return this.purchases.get(scope, command.purchaseId);
  }
}

/** Who may refund is the desk's own matter. */
function checkApprover(purchase: Purchase, caller: Caller): void {
  const allowed: readonly string[] = purchase.terms.refundableBy;
  if (caller.roles.some((role) => allowed.includes(role))) return;
  throw new DomainError('FORBIDDEN', 'ROLE_REQUIRED', `refunds of ${purchase.productId} are made by ${allowed.join(', ')}`, {
    metadata: { required: allowed.join(',') },
  });
}

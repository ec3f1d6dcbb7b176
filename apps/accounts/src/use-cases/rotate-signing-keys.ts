import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import { ENV } from '#platform/platform.module.js';
import { newSigningKeyPair } from '../credentials/signing-key-pair.js';
import { Vault } from '../credentials/vault.js';
import { isIdle, planRotation, type RotationPlan, type RotationPolicy } from '../domain/signing-keys.js';
import type { AccountsEnv } from '../env.js';
import { SigningKeyQueries } from '../persistence/signing-key.queries.js';
import {
  activateSigningKey,
  insertSigningKey,
  lockSigningKeys,
  removeSigningKey,
  retireSigningKey,
  type SigningKeyRow,
} from '../persistence/signing-key.repository.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Four times the life of a token. */
const KEEP_RETIRED_MS = 60 * 60 * 1000;

/** Brings the signing keys to where they should be now, and answers with all that verify. Replicas agree by a lock. */
@Injectable()
export class RotateSigningKeys {
  private readonly policy: RotationPolicy;

  constructor(
    private readonly transactions: Transactions,
    private readonly keys: SigningKeyQueries,
    private readonly vault: Vault,
    private readonly clock: Clock,
    @Inject(ENV) env: Pick<AccountsEnv, 'SIGNING_KEY_DAYS'>,
  ) {
    this.policy = { periodMs: env.SIGNING_KEY_DAYS * DAY_MS, keepRetiredMs: KEEP_RETIRED_MS };
  }

  async execute(): Promise<SigningKeyRow[]> {
    const now = this.clock.now();
    const rows = await this.keys.list();
    if (isIdle(planRotation(rows, now, this.policy))) return rows;
    await this.transactions.run(async (tx) => {
      await this.apply(tx, planRotation(await lockSigningKeys(tx), now, this.policy), now);
    });
    return this.keys.list();
  }

  private async apply(tx: Transaction, plan: RotationPlan, now: Date): Promise<void> {
    if (plan.retire !== null) retireSigningKey(tx, plan.retire, now);
    if (plan.activate !== null) activateSigningKey(tx, plan.activate, now);
    if (plan.createCurrent) await this.create(tx, now, now);
    if (plan.createNext) await this.create(tx, now, null);
    for (const kid of plan.remove) removeSigningKey(tx, kid);
  }

  private async create(tx: Transaction, createdAt: Date, activeFrom: Date | null): Promise<void> {
    const { kid, publicJwk, privateJwk } = await newSigningKeyPair();
    const sealedPrivateJwk = this.vault.seal(privateJwk, kid);
    insertSigningKey(tx, { kid, publicJwk, sealedPrivateJwk, createdAt, activeFrom, retiredAt: null });
  }
}

import { Injectable } from '@nestjs/common';
import type { Caller, Role } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import { Transactions } from '#platform/database/transactions.js';
import { newSecret, secretHash } from '../credentials/secrets.js';
import { Vault } from '../credentials/vault.js';
import { Checks } from '../domain/checks.js';
import { apiKeyRoles } from '../domain/roles.js';
import { ALL_DESKS, deskNamedBy } from '../domain/tenancy.js';
import { type ApiKeyView, insertApiKey } from '../persistence/api-key.repository.js';
import { DeskDocuments } from '../persistence/desk-documents.js';

export interface CreateApiKeyCommand {
  readonly requestId: string;
  readonly deskId: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** A year from now where left out. */
  readonly expiresAt?: Date;
}

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

@Injectable()
export class CreateApiKey {
  constructor(
    private readonly transactions: Transactions,
    private readonly desks: DeskDocuments,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  async execute(caller: Caller, command: CreateApiKeyCommand): Promise<{ apiKey: ApiKeyView; secret: string }> {
    const { requestId, ...request } = command;
    const now = this.clock.now();
    const checks = new Checks().requestId(requestId).name(request.name);
    if (request.expiresAt && request.expiresAt <= now) checks.fault('expires_at', 'is in the past');
    checks.done();
    const deskId = deskNamedBy(caller, request.deskId);
    if (deskId !== ALL_DESKS) await this.desks.inForce(deskId);
    const roles = apiKeyRoles(caller, request.roles);
    const key = { caller, operation: 'create-api-key', requestId, command: request };
    const { sealed, ...apiKey } = await this.transactions.once(key, async (tx) => {
      const id = newId();
      const secret = newSecret('pk');
      const expiresAt = request.expiresAt ?? new Date(now.getTime() + YEAR_MS);
      const created = { id, deskId, name: request.name.trim(), roles, createdAt: now, expiresAt, revokedAt: null, lastUsedAt: null };
      insertApiKey(tx, created, secretHash(secret));
      recordAudit(tx, caller, 'create-api-key', id, now, { roles });
      // The answer is stored for repetitions, and a key must not be stored in the clear.
      return { ...created, sealed: this.vault.seal(secret, id) };
    });
    return { apiKey, secret: this.vault.open(sealed, apiKey.id) };
  }
}

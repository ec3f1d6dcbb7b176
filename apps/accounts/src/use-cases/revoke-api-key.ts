import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import { Transactions } from '#platform/database/transactions.js';
import { Checks } from '../domain/checks.js';
import { scopeOf } from '../domain/tenancy.js';
import { type ApiKeyView, lockApiKey, revokeApiKey } from '../persistence/api-key.repository.js';

/** A key that was revoked stays so, and keeps its date. */
@Injectable()
export class RevokeApiKey {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  async execute(caller: Caller, command: { readonly requestId: string; readonly apiKeyId: string }): Promise<ApiKeyView> {
    const { requestId, apiKeyId } = command;
    new Checks().requestId(requestId).id('api_key_id', apiKeyId).done();
    const key = { caller, operation: 'revoke-api-key', requestId, command: { apiKeyId } };
    return this.transactions.once(key, async (tx) => {
      const apiKey = await lockApiKey(tx, scopeOf(caller), apiKeyId);
      if (apiKey.revokedAt !== null) return apiKey;
      const revokedAt = this.clock.now();
      revokeApiKey(tx, apiKey.id, revokedAt);
      recordAudit(tx, caller, 'revoke-api-key', apiKey.id, revokedAt);
      return { ...apiKey, revokedAt };
    });
  }
}

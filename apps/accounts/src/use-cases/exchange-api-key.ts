import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { DomainError } from '#kernel/errors.js';
import { ENV } from '#platform/platform.module.js';
import { AccessTokens } from '../credentials/access-tokens.js';
import { sameSecret, secretHash } from '../credentials/secrets.js';
import { ALL_DESKS } from '../domain/tenancy.js';
import type { AccountsEnv } from '../env.js';
import { ApiKeyQueries } from '../persistence/api-key.queries.js';
import type { TokenPair } from './issue-tokens.js';

/** Whoever holds BOOTSTRAP_ADMIN_KEY. The id is fixed, so that request ids and the audit trail survive a restart. */
const BOOTSTRAP_ADMIN: Caller = {
  deskId: ALL_DESKS,
  accountId: '00000000-0000-7000-8000-000000000001',
  name: 'Installation',
  email: '',
  roles: ['admin'],
};

@Injectable()
export class ExchangeApiKey {
  constructor(
    private readonly keys: ApiKeyQueries,
    private readonly accessTokens: AccessTokens,
    private readonly clock: Clock,
    @Inject(ENV) private readonly env: Pick<AccountsEnv, 'BOOTSTRAP_ADMIN_KEY'>,
  ) {}

  async execute(apiKey: string): Promise<TokenPair> {
    const sign = await this.accessTokens.signer();
    const { token, expiresAt } = await sign(await this.holderOf(apiKey));
    return { accessToken: token, accessExpiresAt: expiresAt, refreshToken: '', refreshExpiresAt: null };
  }

  private async holderOf(apiKey: string): Promise<Caller> {
    const { BOOTSTRAP_ADMIN_KEY: bootstrap } = this.env;
    if (bootstrap !== undefined && sameSecret(apiKey, bootstrap)) return BOOTSTRAP_ADMIN;
    const now = this.clock.now();
    const key = await this.keys.findUsable(secretHash(apiKey), now);
    if (!key) throw new DomainError('UNAUTHENTICATED', 'API_KEY_REFUSED', 'the API key is not valid');
    await this.keys.touch(key.id, now);
    return { deskId: key.deskId, accountId: key.id, name: key.name, email: '', roles: key.roles };
  }
}

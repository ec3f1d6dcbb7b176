import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Transactions } from '#platform/database/transactions.js';
import { AccessTokens } from '../credentials/access-tokens.js';
import { secretHash } from '../credentials/secrets.js';
import { judgeRefreshToken, refreshRefused } from '../domain/session.js';
import { endSession, lockRefreshToken, markUsed } from '../persistence/session.repository.js';
import { issueTokens, type TokenPair } from './issue-tokens.js';

@Injectable()
export class RefreshToken {
  constructor(
    private readonly transactions: Transactions,
    private readonly accessTokens: AccessTokens,
    private readonly clock: Clock,
  ) {}

  async execute(refreshToken: string): Promise<TokenPair> {
    const now = this.clock.now();
    const hash = secretHash(refreshToken);
    const sign = await this.accessTokens.signer();
    const pair = await this.transactions.run(async (tx) => {
      const presented = await lockRefreshToken(tx, hash);
      const verdict = presented ? judgeRefreshToken(presented, now) : 'refuse';
      if (!presented || verdict === 'refuse') return undefined;
      if (verdict === 'end_session') {
        endSession(tx, presented.sessionId, now, 'token_reuse');
        return undefined;
      }
      markUsed(tx, hash, now);
      const session = { id: presented.sessionId, expiresAt: presented.sessionExpiresAt };
      return issueTokens(tx, sign, presented.account, session, now);
    });
    // Refused only now: an error inside would take the end of the session back.
    if (!pair) throw refreshRefused();
    return pair;
  }
}

import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { Transactions } from '#platform/database/transactions.js';
import { AccessTokens } from '../credentials/access-tokens.js';
import { Passwords } from '../credentials/passwords.js';
import { emailKey } from '../domain/email-address.js';
import { admitAttempt, DEFAULT_ATTEMPTS, sessionExpiry, signInRefused } from '../domain/sign-in.js';
import { AccountQueries } from '../persistence/account.queries.js';
import { DeskDocuments } from '../persistence/desk-documents.js';
import { clearAttempts, insertSession, lockAttempts, writeAttempts } from '../persistence/session.repository.js';
import { issueTokens, type TokenPair } from './issue-tokens.js';

export interface SignInCommand {
  readonly deskId: string;
  readonly email: string;
  readonly password: string;
}

/** PKG-7. The same work and the same answer for an unknown address, an unknown desk and a wrong password. */
@Injectable()
export class SignIn {
  constructor(
    private readonly transactions: Transactions,
    private readonly accounts: AccountQueries,
    private readonly desks: DeskDocuments,
    private readonly passwords: Passwords,
    private readonly accessTokens: AccessTokens,
    private readonly clock: Clock,
  ) {}

  async execute({ deskId, email, password }: SignInCommand): Promise<TokenPair> {
    const now = this.clock.now();
    const key = emailKey(email);
    const policy = (await this.desks.find(deskId))?.accounts.signIn;
    await this.transactions.run(async (tx) => {
      writeAttempts(tx, deskId, key, admitAttempt(policy?.attempts ?? DEFAULT_ATTEMPTS, await lockAttempts(tx, deskId, key), now));
    });
    const account = await this.accounts.credentials(deskId, key);
    const correct = await this.passwords.verify(account?.passwordHash, password);
    if (!account || !policy || !correct) throw signInRefused();
    const session = { id: newId(), accountId: account.id, startedAt: now, expiresAt: sessionExpiry(policy, now) };
    const sign = await this.accessTokens.signer();
    return this.transactions.run(async (tx) => {
      clearAttempts(tx, deskId, key);
      insertSession(tx, session);
      return issueTokens(tx, sign, account, session, now);
    });
  }
}

import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Transactions } from '#platform/database/transactions.js';
import { RulesRepository } from '../persistence/rules.repository.js';
import { TicketClocksRepository } from '../persistence/ticket-clocks.repository.js';
import { RecomputeClocks } from './recompute-clocks.js';

/**
 * Open tickets follow the desk's rules: each remembers the revision it was computed with, so that the work survives
 * restarts and is shared by replicas.
 */
@Injectable()
export class RecomputeStale {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly rules: RulesRepository,
    private readonly tickets: TicketClocksRepository,
    private readonly recompute: RecomputeClocks,
  ) {}

  /** One batch of at most `limit` tickets of each desk, each in a transaction of its own. Answers how many there were. */
  async execute(limit: number): Promise<number> {
    let count = 0;
    for (const [deskId, revision] of await this.rules.revisions(this.rules.read, this.clock.now())) {
      count += await this.transactions.run(async (tx) => {
        const stale = await this.tickets.lockStale(tx, deskId, revision, limit);
        if (stale.length > 0) await this.recompute.execute(tx, stale, this.clock.now());
        return stale.length;
      });
    }
    return count;
  }
}

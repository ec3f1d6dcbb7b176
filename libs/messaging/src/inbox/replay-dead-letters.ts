import type { Transactions } from '#platform/database/transactions.js';
import { describe } from './dead-letters.js';
import type { Inbox } from './inbox.js';

/** All given must match. Only letters that were not replayed yet are meant. */
export interface DeadLetterFilter {
  readonly eventId?: string;
  readonly topic?: string;
  /** `ticket.opened`. */
  readonly type?: string;
  readonly aggregateId?: string;
}

export interface ReplayResult {
  readonly replayed: readonly string[];
  /** Event id and error: they stay dead letters. */
  readonly failed: readonly { readonly eventId: string; readonly error: string }[];
}

interface Letter {
  event_id: string;
  topic: string;
  aggregate_id: string;
  headers: Record<string, string>;
  value: string;
}

/** Hands dead letters to their handlers once more, each in a transaction of its own, the longest dead first. */
export class DeadLetterReplay {
  constructor(
    private readonly group: string,
    private readonly inbox: Inbox,
    private readonly transactions: Transactions,
  ) {}

  async replay(filter: DeadLetterFilter = {}): Promise<ReplayResult> {
    const replayed: string[] = [];
    const failed: { eventId: string; error: string }[] = [];
    for (const eventId of await this.matching(filter)) {
      try {
        if (await this.replayOne(eventId)) replayed.push(eventId);
      } catch (error) {
        failed.push({ eventId, error: String(error) });
        await this.recordFailure(eventId, error);
      }
    }
    return { replayed, failed };
  }

  private async matching(filter: DeadLetterFilter): Promise<string[]> {
    const letters = await this.transactions.run((tx) =>
      tx.query<{ event_id: string }>(
        `SELECT event_id FROM dead_letters
         WHERE consumer_group = $1 AND replayed_at IS NULL
           AND ($2::uuid IS NULL OR event_id = $2) AND ($3::text IS NULL OR topic = $3)
           AND ($4::text IS NULL OR type = 'priolane.' || $4 || '.v1') AND ($5::text IS NULL OR aggregate_id = $5)
         ORDER BY failed_at, event_id`,
        [this.group, filter.eventId, filter.topic, filter.type, filter.aggregateId].map((value) => value ?? null),
      ),
    );
    return letters.map((letter) => letter.event_id);
  }

  /** False when somebody else has replayed it in the meantime. */
  private replayOne(eventId: string): Promise<boolean> {
    return this.transactions.run(async (tx) => {
      const [letter] = await tx.query<Letter>(
        `SELECT event_id, topic, aggregate_id, headers, value FROM dead_letters
         WHERE consumer_group = $1 AND event_id = $2 AND replayed_at IS NULL FOR UPDATE`,
        [this.group, eventId],
      );
      if (!letter) return false;
      await this.inbox.replay({ ...letter, key: letter.aggregate_id }, tx);
      tx.execute('UPDATE dead_letters SET replayed_at = now() WHERE consumer_group = $1 AND event_id = $2', [
        this.group,
        eventId,
      ]);
      return true;
    });
  }

  private async recordFailure(eventId: string, cause: unknown): Promise<void> {
    await this.transactions.run(async (tx) =>
      tx.execute(
        `UPDATE dead_letters SET attempts = attempts + 1, error = $3, failed_at = now()
         WHERE consumer_group = $1 AND event_id = $2`,
        [this.group, eventId, describe(cause)],
      ),
    );
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { v5 as uuidv5 } from 'uuid';
import { isId } from '#kernel/ids.js';
import type { Transactions } from '#platform/database/transactions.js';
import { type EventBus, MessageRejected, type ReceivedMessage } from '../bus/event-bus.js';
import { DEAD_LETTER_TOPIC } from '../event.js';
import { Outage } from '../outage.js';
import { markHandled } from './mark-handled.js';

/** Any UUID: names of messages that carry no usable id are made within it. */
const NAMELESS = '5d7cf9ad-22b1-4c35-9f61-4a2f8f7f3c52';
const PAUSE_MS = 1_000;
const HEADER_LIMIT = 1_000;

/** Puts what a group cannot digest into the group's table, to be replayed, and onto the dead-letter topic, to be seen. */
export class DeadLetters {
  private readonly outage = new Outage(new Logger(DeadLetters.name), 'a dead letter cannot be put away, its partition waits');

  constructor(
    private readonly group: string,
    private readonly bus: EventBus,
    private readonly transactions: Transactions,
  ) {}

  /** Tries for as long as it takes; rejects only when `signal` says so, and then the message comes again. */
  async bury(message: ReceivedMessage, cause: unknown, attempts: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await this.publish(message, cause);
        await this.store(message, cause, attempts);
        this.outage.over();
        return;
      } catch (error) {
        this.outage.failed(error);
        await delay(PAUSE_MS, undefined, { signal });
      }
    }
  }

  private async publish(message: ReceivedMessage, cause: unknown): Promise<void> {
    const { key, value, topic } = message;
    const error = String(cause).slice(0, HEADER_LIMIT);
    const headers = { ...message.headers, dlq_group: this.group, dlq_topic: topic, dlq_error: error };
    try {
      await this.bus.publish(DEAD_LETTER_TOPIC, [{ key, value, headers }]);
    } catch (refusal) {
      if (!(refusal instanceof MessageRejected)) throw refusal; // the table has it all the same
    }
  }

  /** The mark makes later deliveries duplicates: from here on only a replay handles the event. */
  private async store(message: ReceivedMessage, cause: unknown, attempts: number): Promise<void> {
    const eventId = eventIdOf(message);
    await this.transactions.run(async (tx) => {
      await markHandled(tx, this.group, eventId);
      tx.execute(
        `INSERT INTO dead_letters
           (consumer_group, event_id, topic, type, aggregate_id, headers, value, error, attempts, failed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())
         ON CONFLICT DO NOTHING`,
        [
          this.group,
          eventId,
          message.topic,
          storable(message.headers.ce_type ?? ''),
          storable(message.key),
          storable(JSON.stringify(message.headers)),
          storable(message.value),
          storable(describe(cause)),
          attempts,
        ],
      );
    });
  }
}

function eventIdOf(message: ReceivedMessage): string {
  const id = message.headers.ce_id ?? '';
  return isId(id) ? id : uuidv5(`${message.topic}/${message.partition}/${message.offset}`, NAMELESS);
}

/** A foreign message may hold the one character that PostgreSQL cannot store. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').replaceAll(String.raw`\u0000`, String.raw`\ufffd`);
}

/** With the stack: whoever replays a dead letter wants to know where it failed. */
export function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? String(cause)) : String(cause);
}

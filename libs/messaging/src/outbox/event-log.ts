import { Injectable } from '@nestjs/common';
import { DomainError } from '#kernel/errors.js';
import { Transactions } from '#platform/database/transactions.js';
import type { DomainEvent } from '../event.js';
import { Signal } from '../signal.js';
import { Relay } from './relay.js';

export interface LoggedEvent {
  /** Grows from event to event, across all desks of the service; resume after it. */
  readonly position: bigint;
  readonly event: DomainEvent;
}

const READ = 200;
const POLL_MS = 1_000;

/**
 * The events of this service in the order in which they were committed, whether or not the bus has them yet: what
 * `WatchEvents` streams. Resuming after a position misses nothing and repeats nothing; how positions come about is in
 * `placeEvents`. Events are kept for the retention time, and after that POSITION_EXPIRED is the answer.
 */
@Injectable()
export class EventLog {
  constructor(
    private readonly transactions: Transactions,
    private readonly relay: Relay,
  ) {}

  /** At most `limit` events of the desk after the position; 0n is the oldest that is kept. */
  async read(after: bigint, deskId: string, limit: number): Promise<LoggedEvent[]> {
    const rows = await this.transactions.read<Row>(
      `SELECT position, id, type, aggregate_id, sequence, desk_id, occurred_at, causation_id, trace_id, data
       FROM outbox WHERE desk_id = $1 AND position > $2 ORDER BY position LIMIT $3`,
      [deskId, after, limit],
    );
    return rows.map(toLogged);
  }

  /** Every event of the desk after the position, and then each new one, until the signal is aborted. */
  async *watch(after: bigint, deskId: string, signal: AbortSignal): AsyncGenerator<LoggedEvent, void, undefined> {
    await this.refuseExpired(after);
    const news = new Signal();
    const wake = (): void => news.raise();
    const stop = this.relay.onPlaced(wake);
    signal.addEventListener('abort', wake);
    try {
      for (let position = after; !signal.aborted; ) {
        const events = await this.read(position, deskId, READ);
        for (const logged of events) {
          if (signal.aborted) return;
          yield logged;
          ({ position } = logged);
        }
        if (events.length < READ) await news.wait(POLL_MS);
      }
    } finally {
      stop();
      signal.removeEventListener('abort', wake);
    }
  }

  private async refuseExpired(after: bigint): Promise<void> {
    if (after === 0n) return;
    const [head] = await this.transactions.read<{ swept_to: string }>('SELECT swept_to FROM outbox_head');
    if (after >= BigInt(head!.swept_to)) return;
    throw new DomainError('STATE', 'POSITION_EXPIRED', `the events after position ${after} are no longer kept`, {
      metadata: { current: String(after), allowed: `0,${head!.swept_to}` },
    });
  }
}

interface Row {
  position: string;
  id: string;
  type: string;
  aggregate_id: string;
  sequence: number;
  desk_id: string;
  occurred_at: Date;
  causation_id: string | null;
  trace_id: string | null;
  data: unknown;
}

function toLogged(row: Row): LoggedEvent {
  return {
    position: BigInt(row.position),
    event: {
      id: row.id,
      type: row.type,
      aggregateId: row.aggregate_id,
      sequence: row.sequence,
      deskId: row.desk_id,
      occurredAt: row.occurred_at,
      causationId: row.causation_id ?? undefined,
      traceId: row.trace_id ?? undefined,
      data: row.data,
    },
  };
}

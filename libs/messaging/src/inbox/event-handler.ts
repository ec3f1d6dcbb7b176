import type { Type } from '@nestjs/common';
import type { Transaction } from '#platform/database/transaction.js';
import type { DomainEvent } from '../event.js';

/**
 * What a service does about an event: a Nest provider of the service's own module, named in `MessagingModule`'s
 * `consumes`. Events of one aggregate come in order and, through the inbox, take effect once; an event of another
 * aggregate may be late, and that is the handler's own matter. Types nobody handles are skipped and counted.
 */
export interface EventHandler {
  /** `topicOf('tickets')`. */
  readonly topic: string;
  /** `ticket.opened`, or several; `*` for every type of the topic. */
  readonly type: string | readonly string[];
  /**
   * Everything goes through `tx`, which also marks the event as handled; no remote calls. A failure is tried again a
   * few times, an unreachable database for as long as it takes; then the event becomes a dead letter.
   */
  handle(event: DomainEvent, tx: Transaction): Promise<void>;
}

export type EventHandlerClass = Type<EventHandler>;

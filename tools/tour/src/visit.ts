import { status } from '@grpc/grpc-js';
import { openBus } from '#messaging/bus/open-bus.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import { fromMessage } from '#messaging/cloud-event.js';
import type { EventBus } from '#messaging/bus/event-bus.js';
import { RpcError } from '#platform/grpc/rpc-error.js';
import type { StackDescription } from '#testing/infrastructure/stack-file.js';
import { eventually } from '#testing/neighbours.js';
import { Mailbox } from '#testing/stack/mailbox.js';
import { isPassing } from '#testing/stack/session.js';
import { StackUnderUse } from '#testing/stack/stack-under-use.js';
import { expect, type Report } from './report.js';

/** Services may be restarted while the tour goes on. */
const PATIENCE_MS = 60_000;

/** Not found yet, or the service is just being restarted: ask again. */
function unlessNotYet(error: unknown): undefined {
  if (isPassing(error) || (error instanceof RpcError && error.code === status.NOT_FOUND)) return undefined;
  throw error;
}

/** What every chapter of the tour uses. */
export class Visit {
  readonly use: StackUnderUse;
  readonly bus: EventBus;
  readonly mailbox: Mailbox;

  constructor(
    readonly stack: StackDescription,
    readonly report: Report,
  ) {
    this.use = new StackUnderUse(stack);
    this.mailbox = new Mailbox(stack.mailbox.webUrl, (what, ask) => this.soon(what, ask));
    const { kind, brokers, databaseUrl } = stack.eventBus;
    this.bus = openBus('tour', kind === 'kafka' ? { kind, brokers } : { kind, url: databaseUrl });
  }

  /** Waits for what other services do in their own time; what they have not heard of yet they do not find. */
  soon<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
    return eventually(what, () => ask().catch(unlessNotYet), PATIENCE_MS);
  }

  /** A ticket's events as they stand on the bus, checked to be in order and without a gap. */
  async events(ticketId: string, last: number): Promise<DomainEvent[]> {
    const topic = topicOf('tickets');
    const events = await this.soon(`${last} events of ${ticketId} on the bus`, async () => {
      const found = (await this.bus.readTopic(topic, ticketId)).map(fromMessage);
      return found.some((event) => event.sequence === last) && found;
    });
    // A relay that was killed may have published twice; a repetition has the id of the first.
    const once = events.filter((event, i) => events.findIndex((other) => other.id === event.id) === i);
    const sequences = once.map((event) => event.sequence);
    const wanted = Array.from({ length: last }, (_, i) => i + 1);
    expect(String(sequences) === String(wanted), `the events have the sequences ${sequences.join()}, not 1 to ${last}`);
    return once;
  }

  async close(): Promise<void> {
    this.use.close();
    await this.bus.close();
  }
}

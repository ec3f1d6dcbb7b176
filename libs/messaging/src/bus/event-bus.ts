/** What travels on the bus: CloudEvents in binary mode, so the attributes are headers and the value is the data alone. */
export interface BusMessage {
  /** Messages of one key stay in order. */
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

export interface ReceivedMessage extends BusMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** Consecutive messages of one partition, in order. */
export interface MessageBatch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly ReceivedMessage[];
  /** Messages of the partition that wait behind this batch. */
  readonly lag: number;
}

/**
 * The batch counts as consumed when the promise resolves; when it rejects, or the process dies, the batch comes again.
 * `signal` is aborted when the subscription stops: give up waiting and reject.
 */
export type BatchHandler = (batch: MessageBatch, signal: AbortSignal) => Promise<void>;

export interface SubscribeOptions {
  /** How long a silent consumer keeps its partitions before the others of its group take them over. Default 15,000. */
  readonly leaseMs?: number;
  /** Messages of one batch at most. Default 100. */
  readonly batchSize?: number;
}

export interface Subscription {
  /** Lets the batches under way finish or give up, commits, and hands the partitions to the others at once. */
  stop(): Promise<void>;
}

/**
 * The port to the event bus: topics of partitions, consumer groups, at least once. A new group starts at the first
 * message. Partitions of a group are shared by its live subscribers and handled concurrently.
 */
export abstract class EventBus {
  /** Creates the topics that are missing, with 6 partitions each. */
  abstract ensureTopics(topics: readonly string[]): Promise<void>;

  /** Resolves when all are stored for good, in the given order per key. Rejects with `MessageRejected` when one can never be. */
  abstract publish(topic: string, messages: readonly BusMessage[]): Promise<void>;

  /** Goes on through outages of the bus by itself. */
  abstract subscribe(
    group: string,
    topics: readonly string[],
    handler: BatchHandler,
    options?: SubscribeOptions,
  ): Promise<Subscription>;

  /** All messages that the topic holds now, or those of one key; in order per key. For tools, not for services. */
  abstract readTopic(topic: string, key?: string): Promise<ReceivedMessage[]>;

  /** Stops the subscriptions and lets go of every connection. */
  abstract close(): Promise<void>;
}

/** The bus refuses the message itself: sending it again cannot help. Any other failure means the bus is not there. */
export class MessageRejected extends Error {
  constructor(reason: string, options?: { readonly cause?: unknown }) {
    super(`the event bus refused a message: ${reason}`, options);
    this.name = 'MessageRejected';
  }
}

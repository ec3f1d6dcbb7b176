import type { Kafka, Producer } from 'kafkajs';
import { type BusMessage, MessageRejected } from '../event-bus.js';

/** Kafka's limit of 1 MiB is for a whole batch of one partition; kafkajs sends one such batch per partition and call. */
const CALL_BYTES = 900_000;
const REFUSALS = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);

/**
 * An idempotent producer, used by one caller at a time and never again after a failure: kafkajs then counts the sequence
 * back for all partitions of the request, also for those that Kafka has stored, and the next batch of the same length
 * would be taken for a repetition and be lost.
 */
export class KafkaPublisher {
  private producer?: Promise<Producer>;
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly kafka: Kafka) {}

  publish(topic: string, messages: readonly BusMessage[]): Promise<void> {
    const published = this.queue.then(() => this.send(topic, messages));
    this.queue = published.catch(() => undefined);
    return published;
  }

  async close(): Promise<void> {
    await this.queue;
    await this.discard();
  }

  private async send(topic: string, messages: readonly BusMessage[]): Promise<void> {
    try {
      this.producer ??= this.connect();
      const producer = await this.producer;
      for (const call of inCalls(messages)) await producer.send({ topic, acks: -1, messages: call });
    } catch (error) {
      await this.discard();
      const refusal = refusalIn(error);
      throw refusal ? new MessageRejected(refusal, { cause: error }) : error;
    }
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false });
    try {
      await producer.connect();
      return producer;
    } catch (error) {
      await producer.disconnect();
      throw error;
    }
  }

  private async discard(): Promise<void> {
    const discarded = this.producer;
    this.producer = undefined;
    await discarded?.then((producer) => producer.disconnect()).catch(() => undefined);
  }
}

type OutgoingMessage = { key: string; value: string; headers: Record<string, string> };

function* inCalls(messages: readonly BusMessage[]): Generator<OutgoingMessage[]> {
  let call: OutgoingMessage[] = [];
  let bytes = 0;
  for (const { key, value, headers } of messages) {
    const size = Buffer.byteLength(value) + Buffer.byteLength(JSON.stringify(headers)) + key.length;
    if (call.length > 0 && bytes + size > CALL_BYTES) {
      yield call;
      call = [];
      bytes = 0;
    }
    call.push({ key, value, headers: { ...headers } });
    bytes += size;
  }
  if (call.length > 0) yield call;
}

/** kafkajs wraps Kafka's answer once or twice. */
function refusalIn(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { type } = current as { type?: string };
    if (type && REFUSALS.has(type)) return type;
  }
  return undefined;
}

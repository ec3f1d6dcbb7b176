import { randomUUID } from 'node:crypto';
import type { Admin, IHeaders, Kafka, KafkaMessage } from 'kafkajs';
import type { ReceivedMessage } from '../event-bus.js';

/** Reads up to what the partitions hold at the beginning; with a group of its own, as kafkajs cannot read without one. */
export async function readKafkaTopic(kafka: Kafka, admin: Admin, topic: string, key?: string): Promise<ReceivedMessage[]> {
  const offsets = await admin.fetchTopicOffsets(topic);
  const ends = new Map(offsets.map(({ partition, low, high }) => [partition, { low: BigInt(low), high: BigInt(high) }]));
  const open = new Set([...ends].filter(([, { low, high }]) => high > low).map(([partition]) => partition));
  if (open.size === 0) return [];
  const found: ReceivedMessage[] = [];
  const groupId = `priolane-read-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const eachMessage = async ({ partition, message }: { partition: number; message: KafkaMessage }): Promise<void> => {
        const { high } = ends.get(partition)!;
        const received = receivedMessage(topic, partition, message);
        if (received.offset < high && (key === undefined || received.key === key)) found.push(received);
        if (received.offset >= high - 1n) open.delete(partition);
        if (open.size === 0) resolve();
      };
      consumer.run({ autoCommit: false, eachMessage }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined); // an unused group expires by itself
  }
  return found.toSorted((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
}

export function receivedMessage(topic: string, partition: number, message: KafkaMessage): ReceivedMessage {
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    key: message.key?.toString() ?? '',
    headers: textHeaders(message.headers ?? {}),
    value: message.value?.toString() ?? '',
  };
}

function textHeaders(headers: IHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value ?? '')]));
}

import { setTimeout as delay } from 'node:timers/promises';
import { withClient } from '#testing/infrastructure/databases.js';
import type { EventBus } from '../src/bus/event-bus.js';
import { fromMessage } from '../src/cloud-event.js';

export interface Observed {
  readonly eventId: string;
  readonly aggregateId: string;
  readonly sequence: number;
}

export interface Effect extends Observed {
  readonly process: number;
}

/** In the order in which they happened. */
export function effectsOf(databaseUrl: string, aggregates: readonly string[]): Promise<Effect[]> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<Effect>(
      `SELECT event_id AS "eventId", aggregate_id AS "aggregateId", sequence, process
       FROM effects WHERE aggregate_id = ANY($1::uuid[]) ORDER BY place`,
      [aggregates],
    );
    return rows;
  });
}

/** By aggregate, in the order of the topic; of several copies the first, as an inbox would see them. */
export async function publishedOf(
  bus: EventBus,
  topic: string,
  aggregates: readonly string[],
): Promise<ReadonlyMap<string, Observed[]>> {
  const published = new Map<string, Observed[]>();
  const seen = new Set<string>();
  const wanted = new Set(aggregates);
  for (const message of await bus.readTopic(topic)) {
    if (!wanted.has(message.key)) continue;
    const { id, aggregateId, sequence } = fromMessage(message);
    if (seen.has(id)) continue;
    seen.add(id);
    const events = published.get(aggregateId) ?? [];
    published.set(aggregateId, [...events, { eventId: id, aggregateId, sequence }]);
  }
  return published;
}

/** 1, 2, 3: nothing missing, nothing twice, nothing out of turn. */
export function isGapFree(events: readonly Observed[]): boolean {
  return events.length > 0 && events.every(({ sequence }, index) => sequence === index + 1);
}

/** Until it no longer throws, and then its answer; after the limit it may throw. */
export async function eventually<T>(attempt: () => Promise<T>, limitMs = 60_000): Promise<T> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    try {
      return await attempt();
    } catch {
      await delay(100);
    }
  }
  return attempt();
}

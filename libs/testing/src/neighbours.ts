import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { v5 as uuidv5 } from 'uuid';
import { DeskApplied, OrganisationChanged } from '#contracts/generated/priolane/events/v1/account_events.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { createDeskParser } from '#kernel/desk/parse.js';
import { newId } from '#kernel/ids.js';
import { toMessage } from '#messaging/cloud-event.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import { PostgresBus } from '#messaging/bus/postgres/postgres-bus.js';
import { repositoryRoot } from './infrastructure/repository.js';

const DESKS = '6f1d6c0e-2c0f-5d59-9a43-6f1c2b0a7d11';

export type SaidEvent = Omit<DomainEvent, 'id' | 'sequence' | 'data'> & {
  readonly id?: string;
  readonly sequence?: number;
  readonly data: object;
};

/** The other services, as one service's test sees them: what they publish, and what it publishes to them. */
export class Neighbours {
  private readonly bus: PostgresBus;
  private readonly sequences = new Map<string, number>();

  constructor(busUrl: string) {
    this.bus = new PostgresBus(busUrl);
  }

  /** Publishes as `service` would; the sequence counts by itself. Answers the event as published. */
  async say(service: string, said: SaidEvent): Promise<DomainEvent> {
    const sequence = said.sequence ?? (this.sequences.get(said.aggregateId) ?? 0) + 1;
    this.sequences.set(said.aggregateId, sequence);
    const event: DomainEvent = { id: newId(), ...said, sequence };
    const topic = topicOf(service);
    await this.bus.ensureTopics([topic]);
    await this.bus.publish(topic, [toMessage(service, { ...event, data: JSON.stringify(event.data) })]);
    return event;
  }

  async applyDesk(document: DeskDocument, appliedAt: Date, version = 1): Promise<void> {
    const at = appliedAt.toISOString();
    await this.say('accounts', {
      type: 'desk.applied',
      aggregateId: uuidv5(document.id, DESKS),
      deskId: document.id,
      occurredAt: appliedAt,
      data: DeskApplied.toJSON({ deskId: document.id, version, document: JSON.stringify(document), appliedAt: at }) as object,
    });
  }

  async organisation(deskId: string, name: string, packageId: string, at: Date, id = newId()): Promise<string> {
    await this.say('accounts', {
      type: this.sequences.has(id) ? 'organisation.changed' : 'organisation.created',
      aggregateId: id,
      deskId,
      occurredAt: at,
      data: OrganisationChanged.toJSON({
        organisationId: id,
        deskId,
        name,
        packageId,
        changedAt: at.toISOString(),
      }) as object,
    });
    return id;
  }

  /** What the service under test has published so far: message headers and data, in order per aggregate. */
  async heard(service: string, aggregateId?: string): Promise<{ type: string; sequence: number; data: Record<string, unknown> }[]> {
    const messages = await this.bus.readTopic(topicOf(service), aggregateId);
    return messages.map(({ headers, value }) => ({
      type: (headers['ce_type'] ?? '').replace(/^priolane\.|\.v1$/g, ''),
      sequence: Number(headers['ce_sequence']),
      data: JSON.parse(value) as Record<string, unknown>,
    }));
  }

  close(): Promise<void> {
    return this.bus.close();
  }
}

const desks = join(repositoryRoot(), 'desks');
let parser: ReturnType<typeof createDeskParser> | undefined;

/** One of the five desk files, checked. Compiling the schema takes a second of a busy machine: once a process. */
export function deskFile(id: string): DeskDocument {
  parser ??= createDeskParser(readFileSync(join(desks, 'desk.schema.json'), 'utf8'));
  return parser(readFileSync(join(desks, `${id}.yaml`), 'utf8')).document;
}

/** What was waited for has not come. */
export class NotInTime extends Error {}

/** Only what never comes is waited for as long as this; a machine may be busy with other things. */
const PATIENCE_MS = 60_000;

/** Asks until the answer is there; what other processes do takes a moment. Errors: NotInTime. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined | false>, limitMs = PATIENCE_MS): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new NotInTime(`not within ${limitMs / 1_000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Something that happened to one aggregate, in the past tense. The same on the bus, in a handler and in `WatchEvents`. */
export interface DomainEvent {
  readonly id: string;
  /** Without prefix and version: `ticket.opened`. */
  readonly type: string;
  /** A UUID; the key on the bus, so that one aggregate's events stay in order. */
  readonly aggregateId: string;
  /** From 1, without a gap, per aggregate. */
  readonly sequence: number;
  readonly deskId: string;
  readonly occurredAt: Date;
  /** The event or request that led to this one. */
  readonly causationId?: string;
  /** W3C trace id, 32 hex digits. */
  readonly traceId?: string;
  /** proto3 JSON of the event's message: what the generated `toJSON` gives. */
  readonly data: unknown;
}

/** What a use case knows of an event; the id is given by `appendEvent`, the trace by the current request. */
export type NewEvent = Omit<DomainEvent, 'id' | 'data'> & { readonly data: object };

/** Where the events of a service are published: `priolane.tickets.v1`. */
export function topicOf(service: string): string {
  return `priolane.${service}.v1`;
}

/** Where every service's consumers put what they could not digest. */
export const DEAD_LETTER_TOPIC = 'priolane.dlq.v1';

import type { BusMessage } from './bus/event-bus.js';
import type { DomainEvent } from './event.js';

/** An event as the outbox keeps it: the data is JSON text and goes onto the bus as it is. */
export type StoredEvent = Omit<DomainEvent, 'data'> & { readonly data: string };

const TYPE = /^priolane\.(?<type>.+)\.v1$/;
const TRACEPARENT = /^[0-9a-f]{2}-(?<traceId>[0-9a-f]{32})-/;

/** CloudEvents 1.0 in Kafka's binary content mode. */
export function toMessage(service: string, event: StoredEvent): BusMessage {
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_type: `priolane.${event.type}.v1`,
    ce_source: `/priolane/${service}`,
    ce_subject: event.aggregateId,
    ce_time: event.occurredAt.toISOString(),
    'content-type': 'application/json',
    ce_sequence: String(event.sequence),
    ce_deskid: event.deskId,
  };
  if (event.causationId) headers.ce_causationid = event.causationId;
  if (event.traceId) headers.ce_traceparent = `00-${event.traceId}-${spanOf(event.id)}-01`;
  return { key: event.aggregateId, headers, value: event.data };
}

/** Throws a `TypeError` that names what is wrong when this is not one of our events. */
export function fromMessage(message: BusMessage): DomainEvent {
  const { headers } = message;
  const type = TYPE.exec(header(headers, 'ce_type'))?.groups?.type;
  if (!type) throw new TypeError(`ce_type ${headers.ce_type} is not priolane.<type>.v1`);
  const sequence = Number(header(headers, 'ce_sequence'));
  if (!Number.isInteger(sequence) || sequence < 1) throw new TypeError(`ce_sequence ${headers.ce_sequence} is no sequence`);
  const occurredAt = new Date(header(headers, 'ce_time'));
  if (Number.isNaN(occurredAt.getTime())) throw new TypeError(`ce_time ${headers.ce_time} is no instant`);
  return {
    id: header(headers, 'ce_id'),
    type,
    aggregateId: header(headers, 'ce_subject'),
    sequence,
    deskId: header(headers, 'ce_deskid'),
    occurredAt,
    causationId: headers.ce_causationid,
    traceId: TRACEPARENT.exec(headers.ce_traceparent ?? '')?.groups?.traceId,
    data: JSON.parse(message.value),
  };
}

function header(headers: BusMessage['headers'], name: string): string {
  const value = headers[name];
  if (!value) throw new TypeError(`the header ${name} is missing`);
  return value;
}

/** The event itself is the parent span of what it causes; half of its id names that span. */
function spanOf(eventId: string): string {
  return eventId.replaceAll('-', '').slice(16);
}

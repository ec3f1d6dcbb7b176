import { ClockDueChanged, ClockEvent as ClockEventCodec, ClockMet, LifecycleDue } from '#contracts/generated/priolane/events/v1/sla_events.js';
import type { NewEvent } from '#messaging/event.js';
import type { Instant } from '../domain/clock.js';
import type { ClockEvent } from '../domain/clock-events.js';
import { instantText } from '../domain/instant-text.js';

/** The ticket an event is about, and the place the event has among those of the ticket. */
export interface EventOfTicket {
  readonly ticketId: string;
  readonly deskId: string;
  readonly sequence: number;
  /** When it was found and written down. */
  readonly recordedAt: Date;
  /** The ticket event that led to it; none where time alone did. */
  readonly causationId?: string;
}

export function clockEvent(of: EventOfTicket, event: ClockEvent): NewEvent {
  return envelope(of, event.type, event.occurredAt, dataOf(of, event));
}

export interface LifecycleStepDue {
  readonly ruleId: string;
  readonly step: number;
  readonly anchorSequence: number;
  readonly dueAt: Instant;
  readonly moveTo: string;
  readonly notify: string;
}

export function lifecycleDue(of: EventOfTicket, due: LifecycleStepDue): NewEvent {
  const { ticketId, deskId } = of;
  const data = LifecycleDue.toJSON({
    ...due,
    ticketId,
    deskId,
    anchorSequence: String(due.anchorSequence),
    dueAt: instantText(due.dueAt),
  }) as object;
  return envelope(of, 'lifecycle.due', due.dueAt, data);
}

function envelope(of: EventOfTicket, type: string, at: Instant, data: object): NewEvent {
  const { ticketId, deskId, sequence, causationId } = of;
  return { type, aggregateId: ticketId, sequence, deskId, occurredAt: new Date(at * 1000), causationId, data };
}

function dataOf({ ticketId, recordedAt }: EventOfTicket, event: ClockEvent): object {
  switch (event.type) {
    case 'clock.due_changed': {
      const { type: _type, oldDueAt, newDueAt, occurredAt, ...rest } = event;
      const instants = { oldDueAt: text(oldDueAt), newDueAt: text(newDueAt), changedAt: instantText(occurredAt) };
      return ClockDueChanged.toJSON({ ...rest, ...instants, ticketId }) as object;
    }
    case 'clock.met': {
      const { target, cycle, dueAt, occurredAt, usedSeconds } = event;
      const met = { ticketId, target, cycle, dueAt: text(dueAt), metAt: instantText(occurredAt) };
      return ClockMet.toJSON({ ...met, usedSeconds: String(usedSeconds) }) as object;
    }
    case 'clock.warned':
    case 'clock.breached':
    case 'clock.breach_revoked':
      return ClockEventCodec.toJSON({
        ticketId,
        target: event.target,
        cycle: event.cycle,
        dueAt: text(event.dueAt),
        occurredAt: instantText(event.occurredAt),
        recordedAt: recordedAt.toISOString(),
        reason: event.type === 'clock.warned' ? '' : (event.reason ?? ''),
      }) as object;
  }
}

function text(at: Instant | undefined): string | undefined {
  return at === undefined ? undefined : instantText(at);
}

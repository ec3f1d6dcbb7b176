import type { Calendar as CalendarMessage } from '#contracts/generated/priolane/sla/v1/calendar.js';
import { type Clock as ClockMessage, ClockState, type WaitingTicket as WaitingMessage } from '#contracts/generated/priolane/sla/v1/clock.js';
import type { Timestamp } from '#contracts/generated/google/protobuf/timestamp.js';
import { fromEpochSeconds } from '#kernel/business-time/dates.js';
import { invalid } from '#kernel/errors.js';
import { toTimestamp, toTimestampOrNull } from '#platform/grpc/timestamps.js';
import { TARGETS, type Clock, type Instant, type Target } from '../domain/clock.js';
import type { StoredCalendar } from '../persistence/rules.repository.js';
import type { WaitingTicket } from '../persistence/waiting-ticket.repository.js';

const STATES: Readonly<Record<Clock['state'], ClockState>> = {
  RUNNING: ClockState.CLOCK_STATE_RUNNING,
  PAUSED: ClockState.CLOCK_STATE_PAUSED,
  MET: ClockState.CLOCK_STATE_MET,
  BREACHED: ClockState.CLOCK_STATE_BREACHED,
  CANCELLED: ClockState.CLOCK_STATE_CANCELLED,
};

/** @param ticketId empty for a ticket that does not exist yet */
export function toClockMessage(ticketId: string, clock: Clock): ClockMessage {
  return {
    ticketId,
    target: clock.target,
    cycle: clock.cycle,
    state: STATES[clock.state],
    startedAt: instantOrNull(clock.startedAt),
    dueAt: instantOrNull(clock.dueAt),
    satisfiedAt: instantOrNull(clock.satisfiedAt),
    usedSeconds: String(clock.usedSeconds),
    targetSeconds: String(clock.targetSeconds),
    breachedAt: instantOrNull(clock.breachedAt),
    policyId: clock.policyId,
    policyVersion: clock.policyVersion,
    calendarId: clock.calendarId,
    calendarVersion: clock.calendarVersion,
    timeZoneDataVersion: clock.timeZoneDataVersion,
  };
}

export function toCalendarMessage(calendar: StoredCalendar): CalendarMessage {
  return {
    id: calendar.calendarId,
    version: calendar.version,
    timeZone: calendar.definition.tz,
    definition: JSON.stringify(calendar.definition),
    holidays: Object.entries(calendar.holidays)
      .map(([date, name]) => ({ date, name }))
      .toSorted((a, b) => (a.date < b.date ? -1 : 1)),
    holidaySource: calendar.holidaySource,
    timeZoneDataVersion: calendar.timeZoneDataVersion,
    validFrom: toTimestamp(calendar.validFrom),
    ...(calendar.spec.holidays && { holidaysFrom: calendar.coversFrom, holidaysTo: calendar.coversTo }),
  };
}

export function toWaitingMessage(ticket: WaitingTicket): WaitingMessage {
  const { ticketId, number: ticketNumber, missingSequence, since, dueAt } = ticket;
  return { ticketId, ticketNumber, missingSequence, waitingSince: toTimestamp(since), dueAt: toTimestampOrNull(dueAt) };
}

export function instantOrNull(at: Instant | undefined): Timestamp | null {
  return at === undefined ? null : toTimestamp(fromEpochSeconds(at));
}

/** Empty: none given. */
export function targetOf(text: string): Target | undefined {
  if (text === '') return undefined;
  const target = TARGETS.find((known) => known === text);
  if (target === undefined) throw invalid([{ field: 'target', description: `${text} is not one of ${TARGETS.join(', ')}` }]);
  return target;
}

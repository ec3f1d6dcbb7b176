import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type {
  ComputeBusinessTimeRequest,
  ComputeBusinessTimeResponse,
} from '#contracts/generated/priolane/sla/v1/calendar.js';
import { type Calendar, compileCalendar } from '#kernel/business-time/calendar.js';
import { epochSeconds, fromEpochSeconds } from '#kernel/business-time/dates.js';
import type { CalendarDefinition } from '#kernel/business-time/definition.js';
import { addOpenTime, openSecondsBetween } from '#kernel/business-time/open-time.js';
import { timeZoneDataVersion } from '#kernel/business-time/time-zone.js';
import { DomainError, invalid, type Violation } from '#kernel/errors.js';
import { fromTimestampOrUndefined, toTimestamp } from '#platform/grpc/timestamps.js';
import { addCovered, openCovered } from '../domain/covered-time.js';
import type { CalendarVersion } from '../domain/policy-timeline.js';
import { RulesRepository } from '../persistence/rules.repository.js';
import { DeskRules } from '../use-cases/desk-rules.js';

/** Calendars given in requests: few, asked about many times. */
const DEFINITIONS_KEPT = 300;

/** Arithmetic with open time for whoever asks. */
@Injectable()
export class BusinessTime {
  private readonly given = new LRUCache<string, Calendar>({ max: DEFINITIONS_KEPT });

  constructor(
    private readonly rules: RulesRepository,
    private readonly deskRules: DeskRules,
  ) {}

  async compute(deskId: string, request: ComputeBusinessTimeRequest): Promise<ComputeBusinessTimeResponse> {
    const { start, until, addSeconds } = questionOf(request);
    const version = { timeZoneDataVersion: timeZoneDataVersion() };
    const { open, due } = request.definition
      ? ofCalendar(this.givenCalendar(request.definition))
      : ofVersion(this.deskRules.compiledCalendar(await this.rules.calendar(deskId, request.calendarId ?? '', 0)));
    if (until !== undefined) return { dueAt: null, openSeconds: String(open(start, until)), ...version };
    return { dueAt: toTimestamp(fromEpochSeconds(due(start, addSeconds))), openSeconds: '0', ...version };
  }

  private givenCalendar(text: string): Calendar {
    let calendar = this.given.get(text);
    if (calendar === undefined) {
      calendar = compileGiven(text);
      this.given.set(text, calendar);
    }
    return calendar;
  }
}

interface Arithmetic {
  open(from: number, to: number): number;
  due(start: number, seconds: number): number;
}

function ofCalendar(calendar: Calendar): Arithmetic {
  return {
    open: (from, to) => openSecondsBetween(calendar, from, to),
    due: (start, seconds) => addOpenTime(calendar, start, seconds),
  };
}

/** Refuses for years whose public holidays are not known. */
function ofVersion(version: CalendarVersion): Arithmetic {
  return {
    open: (from, to) => openCovered(version, from, to),
    due: (start, seconds) => addCovered(version, start, seconds),
  };
}

type Question =
  | { readonly start: number; readonly until: number; readonly addSeconds: 0 }
  | { readonly start: number; readonly until: undefined; readonly addSeconds: number };

function questionOf(request: ComputeBusinessTimeRequest): Question {
  const faults: Violation[] = [];
  const start = fromTimestampOrUndefined(request.start);
  const until = fromTimestampOrUndefined(request.until);
  const addSeconds = Number(request.addSeconds ?? Number.NaN);
  if (!request.definition && !request.calendarId) {
    faults.push({ field: 'calendar', description: 'give calendar_id or definition' });
  }
  if (start === undefined) faults.push({ field: 'start', description: 'is required' });
  if (until === undefined && Number.isNaN(addSeconds)) {
    faults.push({ field: 'question', description: 'give add_seconds or until' });
  }
  if (addSeconds < 0) faults.push({ field: 'add_seconds', description: 'must not be negative' });
  if (start === undefined || faults.length > 0) throw invalid(faults);
  if (until !== undefined) return { start: epochSeconds(start), until: epochSeconds(until), addSeconds: 0 };
  return { start: epochSeconds(start), until, addSeconds };
}

function compileGiven(text: string): Calendar {
  try {
    return compileCalendar(readObject(text));
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind !== 'INVALID') throw error;
    throw invalid(error.violations.map(({ field, description }) => ({ field: `definition.${field}`, description })), 'CALENDAR_INVALID');
  }
}

/** What it holds is for the compiler to judge. */
function readObject(text: string): CalendarDefinition {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid([{ field: 'definition', description: `is not JSON: ${String(error)}` }], 'CALENDAR_INVALID');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid([{ field: 'definition', description: 'is not a JSON object' }], 'CALENDAR_INVALID');
  }
  return value as CalendarDefinition;
}

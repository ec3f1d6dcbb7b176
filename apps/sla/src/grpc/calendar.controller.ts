import type { Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import {
  type CalendarServiceController,
  CalendarServiceControllerMethods,
  type ComputeBusinessTimeRequest,
  type ComputeBusinessTimeResponse,
  type ExportExceptionsRequest,
  type ExportExceptionsResponse,
  type GetCalendarRequest,
  type GetCalendarResponse,
  type ImportExceptionsRequest,
  type ImportExceptionsResponse,
  type ListCalendarsRequest,
  type ListCalendarsResponse,
} from '#contracts/generated/priolane/sla/v1/calendar.js';
import { exportExceptions } from '#kernel/business-time/ical-export.js';
import { Clock } from '#kernel/clock.js';
import { callerOf } from '#platform/auth/caller.js';
import { RulesRepository } from '../persistence/rules.repository.js';
import { ImportExceptions } from '../use-cases/import-exceptions.js';
import { BusinessTime } from './business-time.js';
import { toCalendarMessage } from './messages.js';

@Controller()
@CalendarServiceControllerMethods()
export class CalendarController implements CalendarServiceController {
  constructor(
    private readonly clock: Clock,
    private readonly rules: RulesRepository,
    private readonly businessTime: BusinessTime,
    private readonly imports: ImportExceptions,
  ) {}

  async listCalendars(_request: ListCalendarsRequest, metadata?: Metadata): Promise<ListCalendarsResponse> {
    const calendars = await this.rules.currentCalendars(this.rules.read, callerOf(metadata).deskId);
    return { calendars: calendars.map(toCalendarMessage) };
  }

  async getCalendar(request: GetCalendarRequest, metadata?: Metadata): Promise<GetCalendarResponse> {
    const calendar = await this.rules.calendar(callerOf(metadata).deskId, request.calendarId, request.version);
    return { calendar: toCalendarMessage(calendar) };
  }

  computeBusinessTime(request: ComputeBusinessTimeRequest, metadata?: Metadata): Promise<ComputeBusinessTimeResponse> {
    return this.businessTime.compute(callerOf(metadata).deskId, request);
  }

  async exportExceptions(request: ExportExceptionsRequest, metadata?: Metadata): Promise<ExportExceptionsResponse> {
    const { definition, holidays } = await this.rules.calendar(callerOf(metadata).deskId, request.calendarId, 0);
    return { icalendar: exportExceptions(definition, { stampedAt: this.clock.now(), names: holidays }) };
  }

  async importExceptions(request: ImportExceptionsRequest, metadata?: Metadata): Promise<ImportExceptionsResponse> {
    const { calendarId, icalendar } = request;
    const command = { requestId: request.requestId, calendarId, icalendar };
    return { calendar: toCalendarMessage(await this.imports.execute(callerOf(metadata), command)) };
  }
}

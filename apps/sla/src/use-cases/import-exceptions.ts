import { Injectable } from '@nestjs/common';
import { compileCalendar } from '#kernel/business-time/calendar.js';
import { importExceptions } from '#kernel/business-time/ical-import.js';
import { timeZoneDataVersion } from '#kernel/business-time/time-zone.js';
import type { Caller } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { notFound } from '#kernel/errors.js';
import { newId } from '#kernel/ids.js';
import { recordAudit } from '#platform/database/audit.entity.js';
import { Transactions } from '#platform/database/transactions.js';
import { RulesRepository, type StoredCalendar } from '../persistence/rules.repository.js';
import { after } from './apply-rules.js';

export interface ImportExceptionsCommand {
  readonly requestId: string;
  readonly calendarId: string;
  readonly icalendar: string;
}

/** Dates of an iCalendar file become a new version of the calendar; running clocks are computed again in the background. */
@Injectable()
export class ImportExceptions {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly rules: RulesRepository,
  ) {}

  async execute(caller: Caller, command: ImportExceptionsCommand): Promise<StoredCalendar> {
    const { deskId } = caller;
    const { calendarId } = command;
    const key = { caller, operation: 'import-exceptions', requestId: command.requestId, command };
    return this.transactions.once(key, async (tx) => {
      const last = await this.rules.lock(tx, deskId);
      const calendars = await this.rules.currentCalendars((text, values) => tx.query(text, values), deskId);
      const before = calendars.find((row) => row.calendarId === calendarId);
      if (last === undefined || before === undefined) throw notFound('calendar', calendarId);
      const now = this.clock.now();
      const next = withDates(before, command.icalendar, after(last, now));
      this.rules.addCalendar(tx, next);
      this.rules.add(tx, deskId, {
        revision: last.revision + 1,
        deskVersion: last.deskVersion,
        calendars: { ...last.calendars, [calendarId]: next.version },
        validFrom: next.validFrom,
      });
      const { version } = next;
      recordAudit(tx, caller, 'import-exceptions', next.id, now, { calendarId, version });
      return next;
    });
  }
}

/** The newest word on a date counts: here the file's. */
function withDates(before: StoredCalendar, icalendar: string, validFrom: Date): StoredCalendar {
  const { definition, imported, holidays } = before;
  const { exceptions, names } = importExceptions(icalendar, definition.tz);
  const changed = { ...definition, exceptions: { ...definition.exceptions, ...exceptions } };
  compileCalendar(changed); // refuses what would leave no open time at all
  return {
    ...before,
    id: newId(),
    version: before.version + 1,
    imported: {
      exceptions: { ...imported.exceptions, ...exceptions },
      names: { ...imported.names, ...names },
    },
    definition: changed,
    holidays: { ...holidays, ...names },
    timeZoneDataVersion: timeZoneDataVersion(),
    validFrom,
  };
}

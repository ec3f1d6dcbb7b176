import { Injectable } from '@nestjs/common';
import { epochSeconds } from '#kernel/business-time/dates.js';
import { Clock } from '#kernel/clock.js';
import type { Transaction } from '#platform/database/transaction.js';
import type { HolidaysNotCovered } from '../domain/covered-time.js';
import { extended, longestTarget, yearsAhead, yearsTowards } from '../domain/holiday-years.js';
import type { HolidayYears } from '../domain/resolve-calendar.js';
import { type Read, RulesRepository, type StoredCalendar } from '../persistence/rules.repository.js';

/**
 * Adds years of public holidays to calendars that are in force. It is no new version: a calendar refuses to answer for
 * years that it does not know, so nothing that was computed looked at them, and no ticket has to be computed again.
 */
@Injectable()
export class ExtendCalendars {
  constructor(
    private readonly clock: Clock,
    private readonly rules: RulesRepository,
  ) {}

  /** In time: so many years that no target which starts in the next ones can reach past them. Answers what was added. */
  async ahead(tx: Transaction, deskId: string): Promise<number> {
    await this.rules.lock(tx, deskId);
    const read: Read = (text, values) => tx.query(text, values);
    const inForce = (await this.rules.history(read, deskId)).at(-1);
    const now = this.clock.now();
    let added = 0;
    for (let calendar of await this.rules.currentCalendars(read, deskId)) {
      const longest = longestTarget(inForce?.sla.policies ?? [], calendar.calendarId);
      const missing = (): HolidayYears | undefined => yearsAhead(calendar.spec, calendar, { at: epochSeconds(now), longest });
      for (let years = missing(); years !== undefined; years = missing()) {
        this.rules.addYears(tx, calendar, years, now);
        calendar = extended(calendar, years);
        added += 1;
      }
    }
    return added;
  }

  /** On demand: history older than the calendar, or a clock that jumped. False where the source does not know the year. */
  async towards(tx: Transaction, deskId: string, { calendarId, calendarVersion, year }: HolidaysNotCovered): Promise<boolean> {
    await this.rules.lock(tx, deskId);
    const known = await this.rules.allCalendars((text, values) => tx.query(text, values), deskId);
    const calendar = known.find((row) => row.calendarId === calendarId && row.version === calendarVersion);
    if (calendar === undefined) return false;
    const years = yearsTowards(calendar.spec, calendar, year);
    if (years !== undefined) this.rules.addYears(tx, calendar, years, this.clock.now());
    return years !== undefined || covers(calendar, year);
  }
}

/** Another transaction has added it in the meantime. */
function covers({ coversFrom, coversTo }: StoredCalendar, year: number): boolean {
  return year >= coversFrom && year <= coversTo;
}

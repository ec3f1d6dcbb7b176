import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { timeZoneDataVersion } from '#kernel/business-time/time-zone.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import type { CalendarSpec } from '#kernel/desk/timing.js';
import { newId } from '#kernel/ids.js';
import type { Transaction } from '#platform/database/transaction.js';
import { type ImportedDates, resolveCalendar } from '../domain/resolve-calendar.js';
import { RulesRepository, type RulesSnapshot, type StoredCalendar } from '../persistence/rules.repository.js';

/** Holidays are filled in from two years before a version (imported history) to ten after it, and anew halfway. */
const YEARS_BACK = 2;
const YEARS_AHEAD = 10;
const REFILL_AHEAD = 5;
const NO_HOLIDAYS = 9_999;
const NOTHING: ImportedDates = { exceptions: {}, names: {} };

/** A new desk version: calendars that differ become new versions, and one more snapshot of the rules holds from here. */
@Injectable()
export class ApplyRules {
  constructor(private readonly rules: RulesRepository) {}

  async execute(tx: Transaction, document: DeskDocument, deskVersion: number, appliedAt: Date): Promise<void> {
    const deskId = document.id;
    const last = await this.rules.lock(tx, deskId);
    if (last !== undefined && last.deskVersion >= deskVersion) return;
    const validFrom = after(last, appliedAt);
    const known = new Map<string, StoredCalendar>();
    // The highest version comes last: a calendar that was dropped and comes back goes on counting.
    for (const row of await this.rules.allCalendars((text, values) => tx.query(text, values), deskId)) {
      known.set(row.calendarId, row);
    }
    const calendars: Record<string, number> = {};
    for (const [calendarId, spec] of Object.entries(document.calendars)) {
      const before = known.get(calendarId);
      const next = nextVersion(deskId, calendarId, spec, before, validFrom);
      if (next !== before) this.rules.addCalendar(tx, next);
      calendars[calendarId] = next.version;
    }
    this.rules.add(tx, deskId, { revision: (last?.revision ?? 0) + 1, deskVersion, calendars, validFrom });
  }
}

/** The version before where nothing differs. */
export function nextVersion(
  deskId: string,
  calendarId: string,
  spec: CalendarSpec,
  before: StoredCalendar | undefined,
  validFrom: Date,
): StoredCalendar {
  const year = validFrom.getUTCFullYear();
  if (before && before.coversTo >= year + REFILL_AHEAD && isDeepStrictEqual(before.spec, spec)) return before;
  const imported = before?.imported ?? NOTHING;
  const years = { from: year - YEARS_BACK, to: year + YEARS_AHEAD };
  return {
    id: newId(),
    deskId,
    calendarId,
    version: (before?.version ?? 0) + 1,
    spec,
    imported,
    ...resolveCalendar(spec, imported, years),
    coversTo: spec.holidays ? years.to : NO_HOLIDAYS,
    timeZoneDataVersion: timeZoneDataVersion(),
    validFrom,
  };
}

/** Rules hold in the order in which they came, whatever their instants say. */
export function after(last: RulesSnapshot | undefined, instant: Date): Date {
  return last !== undefined && last.validFrom > instant ? last.validFrom : instant;
}

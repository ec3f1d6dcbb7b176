import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { epochSeconds } from '#kernel/business-time/dates.js';
import { timeZoneDataVersion } from '#kernel/business-time/time-zone.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import type { CalendarSpec } from '#kernel/desk/timing.js';
import { newId } from '#kernel/ids.js';
import type { Transaction } from '#platform/database/transaction.js';
import { coveredCalendar, longestTarget } from '../domain/holiday-years.js';
import type { ImportedDates } from '../domain/resolve-calendar.js';
import { RulesRepository, type RulesSnapshot, type StoredCalendar } from '../persistence/rules.repository.js';

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
      const next = nextVersion(document, calendarId, spec, before, validFrom);
      if (next !== before) this.rules.addCalendar(tx, next);
      calendars[calendarId] = next.version;
    }
    this.rules.add(tx, deskId, { revision: (last?.revision ?? 0) + 1, deskVersion, calendars, validFrom });
  }
}

/** The version before where nothing differs: its public holidays are added to as time goes on. */
export function nextVersion(
  document: DeskDocument,
  calendarId: string,
  spec: CalendarSpec,
  before: StoredCalendar | undefined,
  validFrom: Date,
): StoredCalendar {
  if (before && isDeepStrictEqual(before.spec, spec)) return before;
  const imported = before?.imported ?? NOTHING;
  const need = { at: epochSeconds(validFrom), longest: longestTarget(document.sla.policies, calendarId) };
  const oldest = before?.spec.holidays && before.coversFrom;
  return {
    id: newId(),
    deskId: document.id,
    calendarId,
    version: (before?.version ?? 0) + 1,
    spec,
    imported,
    ...coveredCalendar(spec, imported, need, oldest),
    timeZoneDataVersion: timeZoneDataVersion(),
    validFrom,
  };
}

/** Rules hold in the order in which they came, whatever their instants say. */
export function after(last: RulesSnapshot | undefined, instant: Date): Date {
  return last !== undefined && last.validFrom > instant ? last.validFrom : instant;
}

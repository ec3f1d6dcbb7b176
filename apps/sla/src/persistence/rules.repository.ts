import { Injectable } from '@nestjs/common';
import type { CalendarSpec, LifecycleRule, SlaSection } from '#kernel/desk/timing.js';
import { notFound } from '#kernel/errors.js';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import { type CoveredCalendar, extended } from '../domain/holiday-years.js';
import type { HolidayYears, ImportedDates } from '../domain/resolve-calendar.js';

/** Reads inside a transaction or outside of any: `tx.query` and `transactions.read` both are one. */
export type Read = <R extends object>(text: string, values?: readonly unknown[]) => Promise<R[]>;

/** A version with the years that were added to its public holidays since it was written. */
export interface StoredCalendar extends CoveredCalendar {
  readonly id: string;
  readonly deskId: string;
  readonly calendarId: string;
  readonly version: number;
  /** As in the desk file. */
  readonly spec: CalendarSpec;
  readonly imported: ImportedDates;
  readonly timeZoneDataVersion: string;
  readonly validFrom: Date;
}

/** What holds for a desk from an instant on. Revisions count from 1, and later ones hold later. */
export interface RulesSnapshot {
  readonly revision: number;
  readonly deskVersion: number;
  /** Calendar id → version. */
  readonly calendars: Readonly<Record<string, number>>;
  readonly validFrom: Date;
}

export interface RulesOfDesk extends RulesSnapshot {
  readonly sla: SlaSection;
  readonly lifecycle: readonly LifecycleRule[];
}

const CALENDARS = `
  SELECT c.id, c.desk_id AS "deskId", c.calendar_id AS "calendarId", c.version, c.spec, c.imported, c.definition, c.holidays,
    c.holiday_source AS "holidaySource", c.covers_from AS "coversFrom", c.covers_to AS "coversTo",
    c.time_zone_data_version AS "timeZoneDataVersion", c.valid_from AS "validFrom",
    coalesce((SELECT json_agg(json_build_object('firstYear', y.first_year, 'lastYear', y.last_year,
        'exceptions', y.exceptions, 'holidays', y.holidays, 'holidaySource', y.holiday_source) ORDER BY y.first_year)
      FROM calendar_years y WHERE y.desk_id = c.desk_id AND y.calendar_id = c.calendar_id AND y.version = c.version), '[]') AS added
  FROM calendar_version c`;
const SNAPSHOT = `s.revision, s.desk_version AS "deskVersion", s.calendars, s.valid_from AS "validFrom"`;

@Injectable()
export class RulesRepository {
  constructor(private readonly transactions: Transactions) {}

  readonly read: Read = (text, values) => this.transactions.read(text, values);

  /** Nobody else adds rules to the desk until the transaction ends. Answers the newest. */
  async lock(tx: Transaction, deskId: string): Promise<RulesSnapshot | undefined> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('sla.rules'), hashtext($1))`, [deskId]);
    const rows = await tx.query<RulesSnapshot>(
      `SELECT ${SNAPSHOT} FROM rules_snapshot s WHERE desk_id = $1 ORDER BY revision DESC LIMIT 1`,
      [deskId],
    );
    return rows[0];
  }

  add(tx: Transaction, deskId: string, snapshot: RulesSnapshot): void {
    tx.execute(
      'INSERT INTO rules_snapshot (desk_id, revision, desk_version, calendars, valid_from) VALUES ($1, $2, $3, $4, $5)',
      [deskId, snapshot.revision, snapshot.deskVersion, JSON.stringify(snapshot.calendars), snapshot.validFrom],
    );
  }

  addCalendar(tx: Transaction, row: StoredCalendar): void {
    tx.execute(
      `INSERT INTO calendar_version (id, desk_id, calendar_id, version, spec, imported, definition, holidays,
         holiday_source, covers_from, covers_to, time_zone_data_version, valid_from)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        row.id,
        row.deskId,
        row.calendarId,
        row.version,
        JSON.stringify(row.spec),
        JSON.stringify(row.imported),
        JSON.stringify(row.definition),
        JSON.stringify(row.holidays),
        row.holidaySource,
        row.coversFrom,
        row.coversTo,
        row.timeZoneDataVersion,
        row.validFrom,
      ],
    );
  }

  /** Nothing that the version says already changes: no clock has been computed with these years. */
  addYears(tx: Transaction, { deskId, calendarId, version }: StoredCalendar, years: HolidayYears, now: Date): void {
    tx.execute(
      `INSERT INTO calendar_years (desk_id, calendar_id, version, first_year, last_year, exceptions, holidays,
         holiday_source, added_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        deskId,
        calendarId,
        version,
        years.firstYear,
        years.lastYear,
        JSON.stringify(years.exceptions),
        JSON.stringify(years.holidays),
        years.holidaySource,
        now,
      ],
    );
  }

  /** By desk, the revision in force at an instant; the first one also holds before it was applied. */
  async revisions(read: Read, now: Date): Promise<ReadonlyMap<string, number>> {
    const rows = await read<{ deskId: string; revision: number }>(
      `SELECT desk_id AS "deskId", greatest(1, max(revision) FILTER (WHERE valid_from <= $1)) AS revision
       FROM rules_snapshot GROUP BY desk_id`,
      [now],
    );
    return new Map(rows.map(({ deskId, revision }) => [deskId, revision]));
  }

  /** All revisions of a desk, oldest first. */
  async history(read: Read, deskId: string): Promise<RulesOfDesk[]> {
    return read<RulesOfDesk>(
      `SELECT ${SNAPSHOT}, d.document -> 'sla' AS sla, d.document -> 'lifecycle' AS lifecycle
       FROM rules_snapshot s JOIN desk_version d ON d.desk_id = s.desk_id AND d.version = s.desk_version
       WHERE s.desk_id = $1 ORDER BY s.revision`,
      [deskId],
    );
  }

  async allCalendars(read: Read, deskId: string): Promise<StoredCalendar[]> {
    return whole(await read<CalendarRow>(`${CALENDARS} WHERE c.desk_id = $1 ORDER BY c.calendar_id, c.version`, [deskId]));
  }

  /** The newest version of each calendar that the desk's newest rules still have. */
  async currentCalendars(read: Read, deskId: string): Promise<StoredCalendar[]> {
    const rows = await read<CalendarRow>(
      `${CALENDARS}
       WHERE c.desk_id = $1 AND c.version = (
         SELECT (s.calendars ->> c.calendar_id)::integer FROM rules_snapshot s
         WHERE s.desk_id = $1 ORDER BY s.revision DESC LIMIT 1)
       ORDER BY c.calendar_id`,
      [deskId],
    );
    return whole(rows);
  }

  /** @param version 0 for the newest. Errors: NOT_FOUND CALENDAR_NOT_FOUND */
  async calendar(deskId: string, calendarId: string, version: number): Promise<StoredCalendar> {
    const rows = await this.read<CalendarRow>(
      `${CALENDARS} WHERE c.desk_id = $1 AND c.calendar_id = $2 AND ($3::integer = 0 OR c.version = $3)
       ORDER BY c.version DESC LIMIT 1`,
      [deskId, calendarId, version],
    );
    const [row] = whole(rows);
    if (row === undefined) throw notFound('calendar', calendarId);
    return row;
  }
}

type CalendarRow = StoredCalendar & { readonly added: readonly HolidayYears[] };

function whole(rows: readonly CalendarRow[]): StoredCalendar[] {
  return rows.map(({ added, ...row }) => added.reduce(extended<StoredCalendar>, row));
}

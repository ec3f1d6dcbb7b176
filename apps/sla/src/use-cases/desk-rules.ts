import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { compileCalendar } from '#kernel/business-time/calendar.js';
import { epochSeconds } from '#kernel/business-time/dates.js';
import { timeZoneDataVersion } from '#kernel/business-time/time-zone.js';
import { notFound } from '#kernel/errors.js';
import { coveredSpan } from '../domain/holiday-years.js';
import {
  compilePolicies,
  type CalendarVersion,
  type PolicySnapshot,
  type PolicyTimeline,
} from '../domain/policy-timeline.js';
import { type Read, RulesRepository, type StoredCalendar } from '../persistence/rules.repository.js';

/** The desks' rules through time, compiled. What is written is never changed, only added to, so what is compiled is kept. */
@Injectable()
export class DeskRules {
  private readonly compiled = new LRUCache<string, readonly PolicySnapshot[]>({ max: 500 });
  private readonly calendars = new LRUCache<string, CalendarVersion>({ max: 2_000 });

  constructor(private readonly rules: RulesRepository) {}

  /** The rules up to a revision. */
  async timeline(read: Read, deskId: string, revision: number): Promise<PolicyTimeline> {
    let snapshots = this.compiled.get(deskId);
    if (snapshots === undefined || snapshots.length < revision) {
      snapshots = await this.compile(read, deskId);
      this.compiled.set(deskId, snapshots);
    }
    return { snapshots: snapshots.slice(0, revision), timeZoneDataVersion: timeZoneDataVersion() };
  }

  /** The rules in force at an instant. Errors: NOT_FOUND DESK_NOT_FOUND, also while its event has not arrived yet. */
  async inForce(deskId: string, now: Date): Promise<PolicyTimeline> {
    const revision = (await this.rules.revisions(this.rules.read, now)).get(deskId);
    if (revision === undefined) throw notFound('desk', deskId);
    return this.timeline(this.rules.read, deskId, revision);
  }

  /** As `timeline`, with what this transaction has written and nobody else may count on yet. */
  async uncommitted(read: Read, deskId: string, revision: number): Promise<PolicyTimeline> {
    const snapshots = await this.compile(read, deskId);
    return { snapshots: snapshots.slice(0, revision), timeZoneDataVersion: timeZoneDataVersion() };
  }

  /** Years may have been added to the desk's calendars: they are read anew when they are next asked for. */
  forget(deskId: string): void {
    this.compiled.delete(deskId);
  }

  compiledCalendar(row: StoredCalendar): CalendarVersion {
    const key = `${row.deskId}/${row.calendarId}/${row.version}/${row.coversFrom}-${row.coversTo}`;
    let calendar = this.calendars.get(key);
    if (calendar === undefined) {
      calendar = compileVersion(row);
      this.calendars.set(key, calendar);
    }
    return calendar;
  }

  private async compile(read: Read, deskId: string): Promise<PolicySnapshot[]> {
    const calendars = await this.rules.allCalendars(read, deskId);
    const history = await this.rules.history(read, deskId);
    return history.map((rules) => {
      const inForce = calendars.filter((row) => rules.calendars[row.calendarId] === row.version);
      const byId = new Map(inForce.map((row) => [row.calendarId, this.compiledCalendar(row)]));
      return compilePolicies(rules, byId, {
        policyVersion: rules.deskVersion,
        appliedAt: epochSeconds(rules.validFrom),
      });
    });
  }
}

export function compileVersion(row: StoredCalendar): CalendarVersion {
  return {
    id: row.calendarId,
    version: row.version,
    calendar: compileCalendar(row.definition),
    holidays: new Map(Object.entries(row.holidays)),
    covered: coveredSpan(row),
  };
}

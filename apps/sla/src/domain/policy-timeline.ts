import type { Calendar } from '#kernel/business-time/calendar.js';
import { matches, type TicketTraits } from '#kernel/desk/lookups.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { parseDuration } from '#kernel/desk/duration.js';
import type {
  LifecycleRule,
  OnChange,
  OnReopen,
  PolicyLine,
  TargetKind,
  Targets,
  WithinTarget,
} from '#kernel/desk/timing.js';
import type { Match } from '#kernel/desk/vocabulary.js';
import { TARGETS, type Instant, type Target } from './clock.js';
import { compileCutOff, type CutOff } from './cut-off.js';
import type { CoveredSpan } from './holiday-years.js';

/** One version of a calendar, holidays filled in. Keep the object: it remembers what it has laid out. */
export interface CalendarVersion {
  readonly id: string;
  readonly version: number;
  readonly calendar: Calendar;
  /** `YYYY-MM-DD` → name, to explain closed days with. */
  readonly holidays: ReadonlyMap<string, string>;
  /** Where it knows its public holidays. */
  readonly covered: CoveredSpan;
}

/** A warning as a rule: counted back from the due instant, or on from the start. */
export interface Alarm {
  readonly key: string;
  readonly from: 'before' | 'after';
  readonly seconds: number;
}

export interface OpenTimePromise {
  readonly kind: 'within';
  readonly seconds: number;
  readonly alarms: readonly Alarm[];
}

export interface CutOffPromise {
  readonly kind: 'cut_off';
  /** The one whose opening dates are the business days. */
  readonly businessDays: CalendarVersion;
  readonly cutOff: CutOff;
  readonly alarms: readonly Alarm[];
}

export type TargetPromise = OpenTimePromise | CutOffPromise;

/** A policy line with its durations in seconds and its calendar at hand. */
export interface CompiledLine {
  readonly id: string;
  readonly match: Match | undefined;
  readonly policyVersion: number;
  readonly calendar: CalendarVersion;
  /** A target that is not there is not promised. */
  readonly promises: Readonly<Partial<Record<Target, TargetPromise>>>;
  readonly firstResponseBy: 'agent_reply' | 'status_change';
  readonly onChange: OnChange;
  readonly onReopen: OnReopen;
}

/** What a desk's file and calendars said from one instant on, until the next snapshot. */
export interface PolicySnapshot {
  /** Inclusive. */
  readonly appliedAt: Instant;
  readonly policyVersion: number;
  readonly lines: readonly CompiledLine[];
  readonly pauseIn: ReadonlySet<string>;
  readonly lifecycle: readonly LifecycleRule[];
}

/** A desk's rules through time; a new desk version and a new calendar version are one more snapshot each. */
export interface PolicyTimeline {
  /** Oldest first, at least one. The first also holds for what is older (imported history). */
  readonly snapshots: readonly PolicySnapshot[];
  /** Of the running platform, such as `2025c`. */
  readonly timeZoneDataVersion: string;
}

export type DeskTiming = Pick<DeskDocument, 'sla' | 'lifecycle'>;

export const TARGET_OF_KIND: Readonly<Record<TargetKind, Target>> = {
  firstResponse: 'first_response',
  nextResponse: 'next_response',
  periodicUpdate: 'periodic_update',
  resolution: 'resolution',
  cutOff: 'cut_off',
};

/**
 * @param calendars the versions in force, by calendar id
 * @throws RangeError when a line names a calendar that is not there: a desk document is checked before it is applied
 */
export function compilePolicies(
  desk: DeskTiming,
  calendars: ReadonlyMap<string, CalendarVersion>,
  version: { readonly policyVersion: number; readonly appliedAt: Instant },
): PolicySnapshot {
  const calendarOf = (id: string): CalendarVersion => {
    const calendar = calendars.get(id);
    if (calendar === undefined) throw new RangeError(`no calendar ${id}`);
    return calendar;
  };
  return {
    ...version,
    lines: desk.sla.policies.map((line) => ({
      id: line.id,
      match: line.match,
      policyVersion: version.policyVersion,
      calendar: calendarOf(line.calendar),
      promises: compilePromises(line.targets, calendarOf),
      firstResponseBy: firstResponseBy(line),
      onChange: line.onChange ?? desk.sla.onChange,
      onReopen: line.onReopen ?? desk.sla.onReopen,
    })),
    pauseIn: new Set(desk.sla.pauseIn),
    lifecycle: desk.lifecycle,
  };
}

/** The line a ticket of this class has; none where nothing is promised. */
export function lineFor(snapshot: PolicySnapshot, traits: TicketTraits): CompiledLine | undefined {
  return snapshot.lines.find((line) => matches(line.match, traits));
}

/** The targets that a line, or the absence of one, states not to promise (OFC-11). */
export function notPromised(line: CompiledLine | undefined): Target[] {
  return TARGETS.filter((target) => line?.promises[target] === undefined);
}

function compilePromises(
  targets: Targets,
  calendarOf: (id: string) => CalendarVersion,
): Partial<Record<Target, TargetPromise>> {
  const promises: Partial<Record<Target, TargetPromise>> = {};
  const { cutOff, ...within } = targets;
  for (const [kind, target] of Object.entries(within) as [TargetKind, 'NONE' | WithinTarget | undefined][]) {
    if (target === undefined || target === 'NONE') continue;
    const seconds = parseDuration(target.within);
    promises[TARGET_OF_KIND[kind]] = { kind: 'within', seconds, alarms: alarmsOf(target, String(seconds)) };
  }
  if (cutOff !== undefined && cutOff !== 'NONE') {
    const businessDays = calendarOf(cutOff.businessDays);
    promises.cut_off = {
      kind: 'cut_off',
      businessDays,
      cutOff: compileCutOff(cutOff, businessDays.calendar.definition),
      alarms: alarmsOf(cutOff, `${cutOff.at}-${cutOff.dueAt}`),
    };
  }
  return promises;
}

/** A longer or shorter target has warnings of its own: its length is part of their key. */
function alarmsOf(
  { warnBefore = [], warnAfter = [] }: Pick<WithinTarget, 'warnBefore' | 'warnAfter'>,
  length: string,
): Alarm[] {
  const alarm = (from: Alarm['from'], duration: string): Alarm => {
    const seconds = parseDuration(duration);
    return { key: `${from}:${seconds}/${length}`, from, seconds };
  };
  return [
    ...warnBefore.map((duration) => alarm('before', duration)),
    ...warnAfter.map((duration) => alarm('after', duration)),
  ];
}

function firstResponseBy({ targets }: PolicyLine): CompiledLine['firstResponseBy'] {
  const target = targets.firstResponse;
  return target === undefined || target === 'NONE' ? 'agent_reply' : (target.metBy ?? 'agent_reply');
}

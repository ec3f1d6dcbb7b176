import type { Duration, LocalDate, Match, TemplateId, WallTime } from './vocabulary.js';

/** [open, close]; a close at or before the open runs into the next date. */
export type Window = readonly [WallTime, WallTime];

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface CalendarSpec {
  /** IANA name. */
  readonly tz: string;
  readonly weekly: Readonly<Partial<Record<Weekday, readonly Window[]>>>;
  /** Replace the windows that open on a date; they also replace a holiday. */
  readonly exceptions?: Readonly<Record<LocalDate, readonly Window[]>>;
  /** Public holidays of a country and region, which are closed unless `windows` says otherwise. */
  readonly holidays?: HolidaySpec;
}

export interface HolidaySpec {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** The part after the hyphen of ISO 3166-2, e.g. `BE` for Berlin in DE. */
  readonly region?: string;
  readonly windows?: readonly Window[];
  /** The desk's own closed dates. */
  readonly add?: readonly LocalDate[];
  /** Public holidays on which the desk works all the same. */
  readonly remove?: readonly LocalDate[];
}

export interface SlaSection {
  /** Status ids in which time does not count. */
  readonly pauseIn: readonly string[];
  readonly onChange: OnChange;
  readonly onReopen: OnReopen;
  /** Tried in file order; the first that matches wins. */
  readonly policies: readonly PolicyLine[];
}

/** What becomes of the time used when priority, package, lane or calendar change. */
export type OnChange = 'carry_over' | 'retroactive';
/** What becomes of the resolution clock when a resolved ticket is opened again. */
export type OnReopen = 'resume' | 'restart' | 'total';

export interface PolicyLine {
  readonly id: string;
  readonly match?: Match;
  /** A calendar id. */
  readonly calendar: string;
  readonly targets: Targets;
  /** Overrides `sla.onChange` for tickets that move to this line. */
  readonly onChange?: OnChange;
  /** Overrides `sla.onReopen`. */
  readonly onReopen?: OnReopen;
}

export const TARGET_KINDS = ['firstResponse', 'nextResponse', 'periodicUpdate', 'resolution', 'cutOff'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** A target left out is the same as `NONE`; `targetsOf` fills it in. */
export interface Targets {
  readonly firstResponse?: 'NONE' | FirstResponseTarget;
  readonly nextResponse?: 'NONE' | WithinTarget;
  readonly periodicUpdate?: 'NONE' | WithinTarget;
  readonly resolution?: 'NONE' | WithinTarget;
  readonly cutOff?: 'NONE' | CutOffTarget;
}

/** All durations are open time of the policy line's calendar. */
export interface WithinTarget {
  readonly within: Duration;
  /** Counted back from the due instant. */
  readonly warnBefore?: readonly Duration[];
  /** Counted from the start. */
  readonly warnAfter?: readonly Duration[];
}

export interface FirstResponseTarget extends WithinTarget {
  /** `agent_reply` unless said otherwise. */
  readonly metBy?: 'agent_reply' | 'status_change';
}

/**
 * Sent before `at` on a business day (a date on which the calendar `businessDays` has an open window): due at `dueAt`
 * of that date; otherwise at `dueAt` of the next business day. Wall times are in that calendar's zone.
 */
export interface CutOffTarget {
  readonly at: WallTime;
  readonly businessDays: string;
  readonly dueAt: WallTime;
  /** Elapsed time before the due instant. */
  readonly warnBefore?: readonly Duration[];
}

/**
 * What happens by itself to a ticket that stays in a status. The first step is due `after` the anchor, each further one
 * `after` the step before it; leaving the status, or a new anchor, ends them. Elapsed time, not open time.
 */
export interface LifecycleRule {
  readonly id: string;
  readonly match?: Match;
  /** Status ids; only while the ticket is in one of them. */
  readonly whileIn: readonly string[];
  readonly from: 'last_public_reply' | 'status_entered';
  readonly steps: readonly LifecycleStep[];
}

/** Moves the ticket, sends a mail to the requester, or both. */
export interface LifecycleStep {
  readonly after: Duration;
  readonly moveTo?: string;
  readonly notify?: TemplateId;
}

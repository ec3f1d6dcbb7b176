import { compileCalendar } from '#kernel/business-time/calendar.js';
import type { CalendarDefinition } from '#kernel/business-time/definition.js';
import type { TicketTraits } from '#kernel/desk/lookups.js';
import type { StatusKind } from '#kernel/desk/ticketing.js';
import type { LifecycleRule, PolicyLine, SlaSection, Targets } from '#kernel/desk/timing.js';
import type { Clock, Instant, Target } from '../../src/domain/clock.js';
import { computeClocks, type TicketClocks } from '../../src/domain/compute-clocks.js';
import type { Dimension, Fact } from '../../src/domain/facts.js';
import { ALL_YEARS, coveredSpan } from '../../src/domain/holiday-years.js';
import { compilePolicies, type CalendarVersion, type PolicySnapshot, type PolicyTimeline } from '../../src/domain/policy-timeline.js';

/** Summer time in Berlin unless the text says otherwise: `2026-05-18 09:00`. Monday is the 18th. */
export function at(text: string): Instant {
  const iso = text.replace(' ', 'T');
  return Date.parse(/[Z+]/.test(iso) ? iso : `${iso}+02:00`) / 1000;
}

export const HOUR = 3600;
export const MINUTE = 60;

const WORKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
const ALL_DAYS = [...WORKDAYS, 'sat', 'sun'] as const;

export function weekdays(open: string, close: string, tz = 'Europe/Berlin'): CalendarDefinition {
  return { tz, weekly: Object.fromEntries(WORKDAYS.map((day) => [day, [[open, close]]])) };
}

export const ALWAYS: CalendarDefinition = {
  tz: 'Europe/Berlin',
  weekly: Object.fromEntries(ALL_DAYS.map((day) => [day, [['00:00', '24:00']]])),
};

export function calendar(
  id: string,
  definition: CalendarDefinition,
  version = 1,
  holidays: Readonly<Record<string, string>> = {},
): CalendarVersion {
  const exceptions = {
    ...definition.exceptions,
    ...Object.fromEntries(Object.keys(holidays).map((date) => [date, []])),
  };
  const compiled = compileCalendar({ ...definition, exceptions });
  return { id, version, calendar: compiled, holidays: new Map(Object.entries(holidays)), covered: coveredSpan(ALL_YEARS) };
}

export const OFFICE = calendar('office', weekdays('09:00', '17:00'));
export const ROUND_THE_CLOCK = calendar('always', ALWAYS);

export interface Rules {
  readonly policies: readonly PolicyLine[];
  readonly calendars?: readonly CalendarVersion[];
  readonly sla?: Partial<Omit<SlaSection, 'policies'>>;
  readonly lifecycle?: readonly LifecycleRule[];
  readonly version?: number;
  readonly appliedAt?: Instant;
}

export function snapshot(rules: Rules): PolicySnapshot {
  const { calendars = [OFFICE, ROUND_THE_CLOCK], version = 1, appliedAt = 0 } = rules;
  const sla: SlaSection = {
    pauseIn: ['pending'],
    onChange: 'carry_over',
    onReopen: 'resume',
    ...rules.sla,
    policies: rules.policies,
  };
  const byId = new Map(calendars.map((entry) => [entry.id, entry]));
  return compilePolicies({ sla, lifecycle: rules.lifecycle ?? [] }, byId, { policyVersion: version, appliedAt });
}

export function timeline(...rules: readonly Rules[]): PolicyTimeline {
  return { snapshots: rules.map(snapshot), timeZoneDataVersion: '2025c' };
}

/** One line for all tickets on Mon–Fri 09–17 Berlin. */
export function office(targets: Targets, sla?: Rules['sla']): PolicyTimeline {
  return timeline({ policies: [{ id: 'all', calendar: 'office', targets }], ...(sla === undefined ? {} : { sla }) });
}

export function line(id: string, priority: string, within: string, more: Partial<PolicyLine> = {}): PolicyLine {
  return { id, calendar: 'office', match: { priorities: [priority] }, targets: { resolution: { within } }, ...more };
}

const KINDS: Readonly<Record<string, StatusKind>> = {
  new: 'NEW',
  open: 'OPEN',
  pending: 'PENDING',
  waiting: 'PENDING',
  on_hold: 'ON_HOLD',
  solved: 'SOLVED',
  closed: 'CLOSED',
};

/** The facts of one ticket, numbered as they are told. */
export class Told {
  readonly facts: Fact[] = [];

  static opened(when: string, traits: TicketTraits = {}, status = 'new'): Told {
    const told = new Told();
    told.facts.push({ kind: 'opened', sequence: 1, at: at(when), traits, status, statusKind: KINDS[status] ?? 'OPEN' });
    return told;
  }

  customer(when: string): this {
    return this.add({ kind: 'customer_message', sequence: this.next, at: at(when) });
  }

  reply(when: string): this {
    return this.add({ kind: 'agent_reply', sequence: this.next, at: at(when) });
  }

  /** An internal note, an automatic message, an assignment. */
  other(when: string): this {
    return this.add({ kind: 'other', sequence: this.next, at: at(when) });
  }

  status(when: string, to: string, byUs = true): this {
    return this.add({
      kind: 'status_changed',
      sequence: this.next,
      at: at(when),
      to,
      toKind: KINDS[to] ?? 'OPEN',
      byUs,
    });
  }

  change(when: string, dimension: Dimension, to: string): this {
    return this.add({ kind: 'class_changed', sequence: this.next, at: at(when), dimension, to });
  }

  private get next(): number {
    return this.facts.length + 1;
  }

  private add(fact: Fact): this {
    this.facts.push(fact);
    return this;
  }
}

export function compute(told: Told | readonly Fact[], rules: PolicyTimeline, now: string): TicketClocks {
  return computeClocks({ facts: told instanceof Told ? told.facts : told, timeline: rules, now: at(now) });
}

/** The newest clock of a target. */
export function clockOf(computed: TicketClocks, target: Target): Clock {
  const clock = computed.clocks.findLast((candidate) => candidate.target === target);
  if (clock === undefined) throw new Error(`no ${target} clock`);
  return clock;
}

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { compileCalendar } from '#kernel/business-time/calendar.js';
import { addOpenTime, openSecondsBetween } from '#kernel/business-time/open-time.js';
import type { CalendarDefinition } from '#kernel/business-time/definition.js';
import { TimeZone } from '#kernel/business-time/time-zone.js';
import { openingInstant } from '#kernel/business-time/wall-time.js';
import type { StatusKind } from '#kernel/desk/ticketing.js';
import type { PolicyLine } from '#kernel/desk/timing.js';
import { parse } from 'csv-parse/sync';
import type { Instant } from './clock.js';
import { computeClocks } from './compute-clocks.js';
import type { Fact } from './facts.js';
import { instantText } from './instant-text.js';
import type { PolicyTimeline } from './policy-timeline.js';
import { calendar, clockOf, timeline } from '../../test/domain/fixtures.js';

interface Row {
  readonly number: string;
  readonly incident_state: string;
  readonly opened_at: string;
  readonly sys_updated_at: string;
  readonly sys_mod_count: string;
  readonly priority: string;
}

interface ExpectedIncident {
  readonly number: string;
  readonly opened_at: string;
  readonly first_response_at: string;
  readonly first_response_seconds: number;
  readonly first_response_due?: string;
  readonly first_response?: string;
  readonly solved_at: string;
  readonly resolution_seconds: number;
  readonly resolution?: string;
}

interface Expected {
  readonly calendar: CalendarDefinition;
  readonly targets: Readonly<Record<string, { readonly first_response: number; readonly resolution: number }>>;
  readonly incidents: readonly ExpectedIncident[];
}

const folder = resolve(process.cwd(), '../shared/data');

const KINDS: Readonly<Record<string, StatusKind>> = {
  New: 'NEW',
  'Awaiting User Info': 'PENDING',
  'Awaiting Problem': 'ON_HOLD',
  'Awaiting Vendor': 'ON_HOLD',
  'Awaiting Evidence': 'ON_HOLD',
  Resolved: 'SOLVED',
  Closed: 'CLOSED',
};

function policiesFor({ calendar: definition, targets }: Expected): PolicyTimeline {
  const policies = Object.entries(targets).map(([priority, { first_response, resolution }]): PolicyLine => ({
    id: priority,
    match: { priorities: [priority] },
    calendar: 'office',
    targets: {
      firstResponse: { within: `PT${first_response}S`, metBy: 'status_change' },
      resolution: { within: `PT${resolution}S` },
    },
  }));
  const sla = { pauseIn: ['Awaiting User Info'], onReopen: 'resume' as const };
  return timeline({ policies, calendars: [calendar('office', definition)], sla });
}

const zone = TimeZone.named('America/Sao_Paulo')!;

/** `29-02-2016 01:16` in São Paulo. */
function instantOf(text: string): Instant {
  const [day, month, year, hour, minute] = text.split(/[- :]/).map(Number);
  const wall = Date.UTC(year!, month! - 1, day, hour, minute) / 1000;
  return openingInstant(zone.spans(wall - 2 * 86_400, wall + 2 * 86_400), wall);
}

/** What the engine is told: the opening as New, then each change of status or priority. */
function factsOf(rows: readonly Row[]): Fact[] {
  const [first] = rows;
  if (first === undefined) return [];
  const opening = {
    kind: 'opened',
    sequence: 1,
    at: instantOf(first.opened_at),
    statusKind: 'NEW',
    status: 'New',
  } as const;
  const facts: Fact[] = [{ ...opening, traits: { priority: first.priority } }];
  let { priority } = first;
  let state = 'New';
  for (const row of rows) {
    const at = instantOf(row.sys_updated_at);
    if (row.priority !== priority) {
      priority = row.priority;
      facts.push({ kind: 'class_changed', sequence: facts.length + 1, at, dimension: 'priority', to: priority });
    }
    if (row.incident_state !== state) {
      state = row.incident_state;
      const toKind = KINDS[state] ?? 'OPEN';
      facts.push({ kind: 'status_changed', sequence: facts.length + 1, at, to: state, toKind, byUs: true });
    }
  }
  return facts;
}

function readIncidents(): ReadonlyMap<string, Row[]> {
  const rows: Row[] = parse(readFileSync(`${folder}/incidents.csv`), { columns: true });
  const incidents = new Map<string, Row[]>();
  for (const row of rows) incidents.set(row.number, [...(incidents.get(row.number) ?? []), row]);
  for (const list of incidents.values()) {
    list.sort(
      (a, b) =>
        instantOf(a.sys_updated_at) - instantOf(b.sys_updated_at) || Number(a.sys_mod_count) - Number(b.sys_mod_count),
    );
  }
  return incidents;
}

describe('445 real incidents', () => {
  if (!existsSync(`${folder}/incidents.csv`)) {
    it.skip('are not here: put incidents.csv and incidents.expected.json into ../shared/data/ beside the project', () => {});
    return;
  }

  test('times and verdicts are those of the independent program', () => {
    const expected = JSON.parse(readFileSync(`${folder}/incidents.expected.json`, 'utf8')) as Expected;
    const rules = policiesFor(expected);
    const incidents = readIncidents();
    const computed = expected.incidents.map((incident) =>
      outcomeOf(incident, factsOf(incidents.get(incident.number) ?? []), rules),
    );
    expect(computed).toEqual(expected.incidents);
    expect(incidents.size).toBe(445);
    expect(computed.filter(({ resolution }) => resolution !== undefined)).toHaveLength(425);
  });
});

/** An incident whose priority changed has times, but no verdict. */
function outcomeOf({ number }: ExpectedIncident, facts: readonly Fact[], rules: PolicyTimeline): ExpectedIncident {
  const computed = computeClocks({ facts, timeline: rules, now: instantOf('01-01-2020 00:00') });
  const response = clockOf(computed, 'first_response');
  const resolution = clockOf(computed, 'resolution');
  const isChanged = facts.some((fact) => fact.kind === 'class_changed');
  return {
    number,
    opened_at: instantText(response.startedAt),
    first_response_at: instantText(response.satisfiedAt!),
    first_response_seconds: response.usedSeconds,
    solved_at: instantText(resolution.satisfiedAt!),
    resolution_seconds: resolution.usedSeconds,
    ...(isChanged
      ? {}
      : {
          first_response: response.state,
          first_response_due: instantText(response.dueAt!),
          resolution: resolution.state,
        }),
  };
}

test('the arithmetic behind the first incident', () => {
  const office = compileCalendar({ tz: 'America/Sao_Paulo', weekly: { mon: [['09:00', '18:00']] } });
  const openedAt = instantOf('29-02-2016 07:10');
  expect(instantText(addOpenTime(office, openedAt, 4 * 3600))).toBe('2016-02-29T16:00:00Z');
  expect(openSecondsBetween(office, openedAt, instantOf('29-02-2016 13:12'))).toBe(15_120);
});

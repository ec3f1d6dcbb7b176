import { isFinished, type Clock, type Instant, type Target } from './clock.js';
import { instantText } from './instant-text.js';

export interface ClockDifference {
  readonly target: Target;
  readonly cycle: number;
  readonly field: string;
  /** Instants as ISO 8601; empty where there is none. */
  readonly recorded: string;
  readonly computed: string;
}

const INSTANTS = ['startedAt', 'dueAt', 'satisfiedAt', 'cancelledAt', 'breachedAt'] as const;
const VALUES = [
  'state',
  'targetSeconds',
  'policyId',
  'policyVersion',
  'calendarId',
  'calendarVersion',
  'timeZoneDataVersion',
] as const;

/**
 * SLA-12: every field in which recorded and computed clocks differ. Used time is compared where it no longer runs. A
 * clock that only one side has differs in its `state`.
 */
export function replayDifferences(recorded: readonly Clock[], computed: readonly Clock[]): ClockDifference[] {
  const missing = recorded.filter((clock) => find(computed, clock) === undefined);
  return [
    ...computed.flatMap((now) => differencesOf(find(recorded, now), now)),
    // Recorded, withdrawn: that it is not computed is how it should be.
    ...missing.flatMap((was) => (was.state === 'CANCELLED' ? [] : [difference(was, 'state', was.state, '')])),
  ];
}

function find(list: readonly Clock[], { target, cycle }: Clock): Clock | undefined {
  return list.find((clock) => clock.target === target && clock.cycle === cycle);
}

function differencesOf(was: Clock | undefined, now: Clock): ClockDifference[] {
  if (was === undefined) return [difference(now, 'state', '', now.state)];
  const fields: [field: string, recorded: string, computed: string][] = [
    ...VALUES.map((field): [string, string, string] => [field, String(was[field]), String(now[field])]),
    ...INSTANTS.map((field): [string, string, string] => [field, isoText(was[field]), isoText(now[field])]),
  ];
  if (isFinished(was) && isFinished(now))
    fields.push(['usedSeconds', String(was.usedSeconds), String(now.usedSeconds)]);
  return fields.flatMap(([field, before, after]) => (before === after ? [] : [difference(now, field, before, after)]));
}

function difference({ target, cycle }: Clock, field: string, recorded: string, computed: string): ClockDifference {
  return { target, cycle, field, recorded, computed };
}

function isoText(at: Instant | undefined): string {
  return at === undefined ? '' : instantText(at);
}

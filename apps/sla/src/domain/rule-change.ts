import type { Governance, Target } from './clock.js';
import type { CalendarVersion, CompiledLine, TargetPromise } from './policy-timeline.js';

/**
 * What a move from one line to another is to a target. SLA-11: where only the version of its calendar differs, used
 * time stays and the rest is computed again; anything else goes by the new line's `onChange` (SLA-3).
 */
export function changeBetween(
  before: CompiledLine | undefined,
  after: CompiledLine | undefined,
  target: Target,
): 'policy_change' | 'calendar_change' | undefined {
  if (before === after) return undefined;
  if (before === undefined || after === undefined || before.id !== after.id) return 'policy_change';
  const old = before.promises[target];
  const next = after.promises[target];
  if (!isSamePromise(old, next) || before.calendar.id !== after.calendar.id) return 'policy_change';
  return calendarOf(before, old).version === calendarOf(after, next).version ? undefined : 'calendar_change';
}

export function governanceOf(line: CompiledLine, promise: TargetPromise, timeZoneDataVersion: string): Governance {
  const calendar = calendarOf(line, promise);
  return {
    policyId: line.id,
    policyVersion: line.policyVersion,
    calendarId: calendar.id,
    calendarVersion: calendar.version,
    timeZoneDataVersion,
  };
}

function calendarOf(line: CompiledLine, promise: TargetPromise | undefined): CalendarVersion {
  return promise?.kind === 'cut_off' ? promise.businessDays : line.calendar;
}

function isSamePromise(a: TargetPromise | undefined, b: TargetPromise | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.kind === 'within') return b.kind === 'within' && a.seconds === b.seconds;
  return (
    b.kind === 'cut_off' &&
    a.businessDays.id === b.businessDays.id &&
    a.cutOff.at === b.cutOff.at &&
    a.cutOff.dueAt === b.cutOff.dueAt
  );
}

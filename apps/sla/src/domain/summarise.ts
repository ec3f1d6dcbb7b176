import type { Clock } from './clock.js';
import type { Interval } from './explain-deadline.js';
import { instantText } from './instant-text.js';

/** An explanation in a few sentences, e.g. for an agent who asks why. */
export function summarise(clock: Clock, intervals: readonly Interval[], missingSequence?: number): string {
  const total = (kind: Interval['kind']): number =>
    intervals.reduce((sum, { kind: other, from, to }) => (other === kind ? sum + to - from : sum), 0);
  const name = clock.target.replaceAll('_', ' ');
  const time = clock.target === 'cut_off' ? 'elapsed time' : 'open time';
  const granted = `${name}: ${lengthText(clock.targetSeconds)} of ${time} from ${instantText(clock.startedAt)}`;
  const rules =
    `by policy ${clock.policyId} (version ${clock.policyVersion}), calendar ${clock.calendarId} ` +
    `(version ${clock.calendarVersion}), time-zone data ${clock.timeZoneDataVersion}`;
  const stoodStill = `${lengthText(total('closed'))} closed and ${lengthText(total('paused'))} paused did not count`;
  const whole = `${granted}, ${rules}. ${stoodStill}. ${verdict(clock)}`;
  return missingSequence === undefined ? whole : `${whole} Provisional: event ${missingSequence} of the ticket has not arrived.`;
}

function verdict({ state, dueAt, satisfiedAt, breachedAt, breachReason }: Clock): string {
  const due = dueAt === undefined ? 'No due time while paused.' : `Due ${instantText(dueAt)}.`;
  const reached = satisfiedAt === undefined ? '' : ` Reached ${instantText(satisfiedAt)}.`;
  const because = breachReason === undefined ? '' : ` (${breachReason})`;
  const breached = breachedAt === undefined ? '' : ` Breached ${instantText(breachedAt)}${because}.`;
  return state === 'CANCELLED' ? `${due} Ended without a verdict.` : `${due}${reached}${breached}`;
}

/** `26 h 30 min`, `90 s`. */
function lengthText(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  const parts = [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : '', rest > 0 ? `${rest} s` : ''];
  return parts.filter((part) => part !== '').join(' ') || '0 s';
}

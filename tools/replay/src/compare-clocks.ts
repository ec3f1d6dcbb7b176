import { type Clock, ClockState } from '#contracts/generated/priolane/sla/v1/clock.js';
import type { Timestamp } from '#contracts/generated/google/protobuf/timestamp.js';
import { fromTimestamp } from '#platform/grpc/timestamps.js';
import type { ExpectedIncident } from './expected.js';

export interface Difference {
  readonly field: keyof ExpectedIncident;
  readonly expected: string;
  /** Empty where the clocks say nothing. */
  readonly got: string;
}

type Answers = { readonly [Field in Exclude<keyof ExpectedIncident, 'number'>]: string };

/** Everything in which the clocks of a ticket say something else than expected. */
export function compareClocks(expected: ExpectedIncident, clocks: readonly Clock[]): Difference[] {
  const answers = answersOf(clocks);
  return (Object.keys(answers) as (keyof Answers)[]).flatMap((field) => {
    const wanted = expected[field];
    if (wanted === undefined || same(String(wanted), answers[field])) return [];
    return [{ field, expected: String(wanted), got: answers[field] }];
  });
}

function answersOf(clocks: readonly Clock[]): Answers {
  const response = newest(clocks, 'first_response');
  const resolution = newest(clocks, 'resolution');
  return {
    opened_at: text(resolution?.startedAt),
    first_response_at: text(response?.satisfiedAt),
    first_response_seconds: response?.usedSeconds ?? '',
    first_response_due: text(response?.dueAt),
    first_response: verdict(response),
    solved_at: text(resolution?.satisfiedAt),
    resolution_seconds: resolution?.usedSeconds ?? '',
    resolution: verdict(resolution),
  };
}

/** Instants may be written in more than one way. */
function same(expected: string, got: string): boolean {
  return expected === got || (expected.includes('T') && Date.parse(expected) === Date.parse(got));
}

function newest(clocks: readonly Clock[], target: string): Clock | undefined {
  return clocks.filter((clock) => clock.target === target).toSorted((a, b) => b.cycle - a.cycle)[0];
}

/** `CLOCK_STATE_MET` is `MET`. */
function verdict(clock: Clock | undefined): string {
  return clock ? ClockState[clock.state].replace('CLOCK_STATE_', '') : '';
}

function text(instant: Timestamp | null | undefined): string {
  return instant ? fromTimestamp(instant).toISOString().replace('.000Z', 'Z') : '';
}

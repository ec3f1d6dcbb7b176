import { type Clock, ClockState } from '#contracts/generated/priolane/sla/v1/clock.js';
import { toTimestamp } from '#platform/grpc/timestamps.js';
import { compareClocks } from './compare-clocks.js';
import type { ExpectedIncident } from './expected.js';

const at = (text: string) => toTimestamp(new Date(text));

function clock(target: string, parts: Partial<Clock>): Clock {
  return {
    ticketId: 't',
    target,
    cycle: 1,
    state: ClockState.CLOCK_STATE_MET,
    startedAt: at('2016-02-29T10:10:00Z'),
    dueAt: at('2016-02-29T16:00:00Z'),
    satisfiedAt: at('2016-02-29T16:12:00Z'),
    usedSeconds: '15120',
    targetSeconds: '14400',
    breachedAt: null,
    policyId: 'moderate',
    policyVersion: 1,
    calendarId: 'office',
    calendarVersion: 1,
    timeZoneDataVersion: '2025c',
    ...parts,
  };
}

const response = clock('first_response', { state: ClockState.CLOCK_STATE_BREACHED });
const resolution = clock('resolution', { satisfiedAt: at('2016-03-03T19:00:00Z'), usedSeconds: '122400' });
const expected: ExpectedIncident = {
  number: 'INC0000064',
  opened_at: '2016-02-29T10:10:00Z',
  first_response_at: '2016-02-29T16:12:00Z',
  first_response_seconds: 15_120,
  first_response_due: '2016-02-29T16:00:00Z',
  first_response: 'BREACHED',
  solved_at: '2016-03-03T19:00:00Z',
  resolution_seconds: 122_400,
  resolution: 'MET',
};

test('nothing where all agrees', () => {
  expect(compareClocks(expected, [response, resolution])).toEqual([]);
});

test('each field that differs, with both values', () => {
  const late = { ...response, dueAt: at('2016-02-29T16:00:01Z'), satisfiedAt: at('2016-02-29T16:13:00.500Z'), usedSeconds: '15180' };
  const open = { ...resolution, state: ClockState.CLOCK_STATE_RUNNING, satisfiedAt: null, startedAt: at('2016-02-29T10:11:00Z') };
  expect(compareClocks({ ...expected, resolution_seconds: 0 }, [late, open])).toEqual([
    { field: 'opened_at', expected: '2016-02-29T10:10:00Z', got: '2016-02-29T10:11:00Z' },
    { field: 'first_response_at', expected: '2016-02-29T16:12:00Z', got: '2016-02-29T16:13:00.500Z' },
    { field: 'first_response_seconds', expected: '15120', got: '15180' },
    { field: 'first_response_due', expected: '2016-02-29T16:00:00Z', got: '2016-02-29T16:00:01Z' },
    { field: 'solved_at', expected: '2016-03-03T19:00:00Z', got: '' },
    { field: 'resolution_seconds', expected: '0', got: '122400' },
    { field: 'resolution', expected: 'MET', got: 'RUNNING' },
  ]);
});

test('every field is missing where there are no clocks', () => {
  const differences = compareClocks(expected, []);
  expect(differences).toHaveLength(8);
  expect(differences.every(({ got }) => got === '')).toBe(true);
});

test('times only, where no verdict is expected', () => {
  const { first_response: _, first_response_due: __, resolution: ___, ...times } = expected;
  const other = { ...response, state: ClockState.CLOCK_STATE_MET, dueAt: null };
  expect(compareClocks(times, [other, resolution])).toEqual([]);
});

test('the newest cycle counts', () => {
  const earlier = clock('resolution', { usedSeconds: '1' });
  expect(compareClocks(expected, [response, { ...resolution, cycle: 2 }, earlier])).toEqual([]);
});

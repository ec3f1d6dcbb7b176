import { explainDeadline, type Interval } from './explain-deadline.js';
import { at, calendar, HOUR, line, office, timeline, Told, weekdays } from '../../test/domain/fixtures.js';
import type { PolicyTimeline } from './policy-timeline.js';

// ExplainDeadline: how a due time came about, interval by interval. 18 May 2026 is a Monday.

function explain(told: Told, rules: PolicyTimeline, now: string, target: 'resolution' | 'cut_off' = 'resolution') {
  const explained = explainDeadline({ facts: told.facts, timeline: rules, now: at(now) }, target);
  if (explained === undefined) throw new Error('nothing to explain');
  return explained;
}

function shape({ from, to, kind, countedSeconds, reason }: Interval): unknown[] {
  return [from, to, kind, countedSeconds / HOUR, reason];
}

test('a weekend and a named holiday between two openings', () => {
  const whitMonday = calendar('office', weekdays('09:00', '17:00'), 3, { '2026-05-25': 'Pfingstmontag' });
  const rules = timeline({
    policies: [{ id: 'all', calendar: 'office', targets: { resolution: { within: 'PT8H' } } }],
    calendars: [whitMonday],
  });
  const { clock, intervals } = explain(Told.opened('2026-05-22 16:00'), rules, '2026-05-22 16:00');
  expect(clock.dueAt).toBe(at('2026-05-26 16:00'));
  expect(intervals.map(shape)).toEqual([
    [at('2026-05-22 16:00'), at('2026-05-22 17:00'), 'open', 1, 'opened'],
    [at('2026-05-22 17:00'), at('2026-05-25 00:00'), 'closed', 0, 'outside_hours'],
    [at('2026-05-25 00:00'), at('2026-05-26 00:00'), 'closed', 0, 'Pfingstmontag'],
    [at('2026-05-26 00:00'), at('2026-05-26 09:00'), 'closed', 0, 'outside_hours'],
    [at('2026-05-26 09:00'), at('2026-05-26 16:00'), 'open', 7, 'window'],
  ]);
  expect(intervals.at(-1)).toMatchObject({ cumulativeSeconds: 8 * HOUR, policyId: 'all', calendarId: 'office' });
});

test('a pause and a change of calendar, each with the rules it was lived under', () => {
  const rules = timeline({
    policies: [line('low', 'low', 'PT16H'), line('top', 'top', 'PT4H', { calendar: 'always' })],
  });
  const told = Told.opened('2026-05-18 09:00', { priority: 'low' })
    .status('2026-05-18 10:00', 'pending')
    .status('2026-05-18 16:00', 'open')
    .change('2026-05-18 16:30', 'priority', 'top');
  const { clock, intervals, summary } = explain(told, rules, '2026-05-18 16:30');
  expect(intervals.map((interval) => [...shape(interval), interval.calendarId])).toEqual([
    [at('2026-05-18 09:00'), at('2026-05-18 10:00'), 'open', 1, 'opened', 'office'],
    [at('2026-05-18 10:00'), at('2026-05-18 16:00'), 'paused', 0, 'status', 'office'],
    [at('2026-05-18 16:00'), at('2026-05-18 16:30'), 'open', 0.5, 'status', 'office'],
    [at('2026-05-18 16:30'), clock.dueAt, 'open', 2.5, 'policy_change', 'always'],
  ]);
  expect(summary).toBe(
    'resolution: 4 h of open time from 2026-05-18T07:00:00Z, by policy top (version 1), calendar always (version 1), ' +
      'time-zone data 2025c. 0 s closed and 6 h paused did not count. Due 2026-05-18T17:00:00Z.',
  );
});

test('a clock reached early is explained up to its due instant all the same', () => {
  const rules = office({ resolution: { within: 'PT8H' } });
  const told = Told.opened('2026-05-18 09:00').status('2026-05-18 11:00', 'solved');
  const { clock, intervals, summary } = explain(told, rules, '2026-05-20 11:00');
  expect(clock).toMatchObject({ state: 'MET', usedSeconds: 2 * HOUR });
  expect(intervals.map(shape)).toEqual([
    [at('2026-05-18 09:00'), at('2026-05-18 11:00'), 'open', 2, 'opened'],
    [at('2026-05-18 11:00'), at('2026-05-18 17:00'), 'open', 6, 'ended'],
  ]);
  expect(summary).toContain('Due 2026-05-18T15:00:00Z. Reached 2026-05-18T09:00:00Z.');
});

test('while paused there is no due time: explained up to now', () => {
  const rules = office({ resolution: { within: 'PT8H' } });
  const { intervals, summary } = explain(
    Told.opened('2026-05-18 09:00').status('2026-05-18 11:00', 'pending'),
    rules,
    '2026-05-18 12:00',
  );
  expect(intervals.map(({ kind }) => kind)).toEqual(['open', 'paused']);
  expect(summary).toContain('No due time while paused.');
});

test('a cut-off goes by elapsed time', () => {
  const rules = office({ cutOff: { at: '16:00', businessDays: 'office', dueAt: '17:00' } });
  const { intervals } = explain(Told.opened('2026-05-18 15:00'), rules, '2026-05-18 15:00', 'cut_off');
  expect(intervals.map(shape)).toEqual([[at('2026-05-18 15:00'), at('2026-05-18 17:00'), 'open', 2, 'cut_off']]);
});

test('a target withdrawn in the second it began has nothing to show', () => {
  const cutOff = { at: '16:00', businessDays: 'office', dueAt: '17:00' };
  const rules = timeline({
    policies: [line('low', 'low', 'PT8H', { targets: { cutOff } }), line('high', 'high', 'PT8H')],
  });
  const told = Told.opened('2026-05-18 09:00', { priority: 'low' }).change('2026-05-18 09:00', 'priority', 'high');
  const { clock, intervals } = explain(told, rules, '2026-05-18 09:00', 'cut_off');
  expect(clock.state).toBe('CANCELLED');
  expect(intervals).toEqual([]);
});

test('a clock that is not there has no explanation', () => {
  const history = { facts: Told.opened('2026-05-18 09:00').facts, timeline: office({}), now: at('2026-05-18 09:00') };
  expect(explainDeadline(history, 'resolution')).toBeUndefined();
});

import type { PolicyTimeline } from './policy-timeline.js';
import { reconcile } from './reconcile.js';
import {
  at,
  calendar,
  clockOf,
  compute,
  HOUR,
  line,
  MINUTE,
  office,
  OFFICE,
  ROUND_THE_CLOCK,
  timeline,
  Told,
  weekdays,
} from '../../test/domain/fixtures.js';

// The numbered statements on targets, 6 to 8. 18 May 2026 is a Monday; Mon–Fri 09–17 Europe/Berlin unless said.

const reopenedOnWednesday = (): Told =>
  Told.opened('2026-05-19 09:00').status('2026-05-19 12:00', 'solved').status('2026-05-20 14:00', 'open', false);

const totalWithin = (within: string): PolicyTimeline => office({ resolution: { within } }, { onReopen: 'total' });

describe('SLA-6 paused changes and reopening', () => {
  test('a change while paused stays paused, and counts when it goes on', () => {
    const rules = timeline({ policies: [line('low', 'low', 'PT16H'), line('high', 'high', 'PT8H')] });
    const told = Told.opened('2026-05-18 09:00', { priority: 'low' })
      .status('2026-05-18 13:00', 'pending')
      .change('2026-05-18 14:00', 'priority', 'high');
    expect(clockOf(compute(told, rules, '2026-05-25 14:00'), 'resolution')).toMatchObject({
      state: 'PAUSED',
      policyId: 'high',
    });
    told.status('2026-05-19 09:00', 'open');
    expect(clockOf(compute(told, rules, '2026-05-19 09:00'), 'resolution').dueAt).toBe(at('2026-05-19 13:00'));
  });

  test('overdue through a change while paused: breached when it goes on, not before', () => {
    const rules = timeline({ policies: [line('low', 'low', 'PT16H'), line('top', 'top', 'PT1H')] });
    const told = Told.opened('2026-05-18 09:00', { priority: 'low' })
      .status('2026-05-18 13:00', 'pending')
      .change('2026-05-18 14:00', 'priority', 'top');
    expect(clockOf(compute(told, rules, '2026-05-18 16:00'), 'resolution').state).toBe('PAUSED');
    told.status('2026-05-18 15:00', 'open');
    expect(clockOf(compute(told, rules, '2026-05-18 16:00'), 'resolution')).toMatchObject({
      breachedAt: at('2026-05-18 15:00'),
      breachReason: 'policy_change',
    });
  });

  test('reached while paused and overdue through a change: it was never in time', () => {
    const rules = timeline({ policies: [line('low', 'low', 'PT16H'), line('top', 'top', 'PT1H')] });
    const told = Told.opened('2026-05-18 09:00', { priority: 'low' })
      .status('2026-05-18 13:00', 'pending')
      .change('2026-05-18 14:00', 'priority', 'top')
      .status('2026-05-18 15:00', 'solved');
    expect(clockOf(compute(told, rules, '2026-05-18 16:00'), 'resolution')).toMatchObject({
      state: 'BREACHED',
      breachedAt: at('2026-05-18 15:00'),
      satisfiedAt: at('2026-05-18 15:00'),
    });
  });

  // 3 h used when resolved Tue 12:00, reopened Wed 14:00.

  test.each([
    ['resume', 1, '2026-05-21 11:00', 3 * HOUR],
    ['restart', 2, '2026-05-21 14:00', 0],
  ] as const)('8 h, 3 h used when resolved, reopened Wed 14:00, %s', (onReopen, cycle, due, usedSeconds) => {
    const rules = office({ resolution: { within: 'PT8H' } }, { onReopen });
    expect(clockOf(compute(reopenedOnWednesday(), rules, '2026-05-20 14:00'), 'resolution')).toMatchObject({
      state: 'RUNNING',
      cycle,
      dueAt: at(due),
      usedSeconds,
    });
  });

  test('total: the time in between counts, here 5 h of Tuesday and 5 h of Wednesday, so 8 h are over', () => {
    expect(
      clockOf(compute(reopenedOnWednesday(), totalWithin('PT8H'), '2026-05-20 14:00'), 'resolution'),
    ).toMatchObject({
      state: 'BREACHED',
      breachedAt: at('2026-05-20 14:00'),
      breachReason: 'reopened',
      usedSeconds: 13 * HOUR,
    });
    expect(clockOf(compute(reopenedOnWednesday(), totalWithin('PT16H'), '2026-05-20 14:00'), 'resolution').dueAt).toBe(
      at('2026-05-20 17:00'),
    );
  });

  test('restart leaves the finished clock as it was', () => {
    const rules = office({ resolution: { within: 'PT8H' } }, { onReopen: 'restart' });
    const [first] = compute(reopenedOnWednesday(), rules, '2026-05-29 14:00').clocks;
    expect(first).toMatchObject({ cycle: 1, state: 'MET', usedSeconds: 3 * HOUR, satisfiedAt: at('2026-05-19 12:00') });
  });
});

const answered = (): Told => Told.opened('2026-05-18 09:00').reply('2026-05-18 09:30');

const asked = (): Told =>
  answered().customer('2026-05-18 10:00').customer('2026-05-18 10:20').customer('2026-05-18 10:50');

const solved = (): Told => answered().status('2026-05-18 10:00', 'solved');

describe('SLA-7 next response', () => {
  const rules = office({ firstResponse: { within: 'PT4H' }, nextResponse: { within: 'PT1H' } });
  test('messages at 10:00, 10:20, 10:50, target 1 h: due 11:00', () => {
    const computed = compute(asked(), rules, '2026-05-18 10:55');
    expect(clockOf(computed, 'next_response')).toMatchObject({ cycle: 1, dueAt: at('2026-05-18 11:00') });
    expect(computed.clocks.filter((clock) => clock.target === 'next_response')).toHaveLength(1);
  });

  test('internal notes, automatic replies and status changes answer nothing', () => {
    const told = asked()
      .other('2026-05-18 10:55')
      .status('2026-05-18 10:56', 'open')
      .status('2026-05-18 10:57', 'on_hold');
    expect(clockOf(compute(told, rules, '2026-05-18 11:00'), 'next_response').state).toBe('BREACHED');
  });

  test('a public reply answers all; the next message starts the next cycle', () => {
    const told = asked().reply('2026-05-18 11:00').customer('2026-05-18 12:00');
    const { clocks } = compute(told, rules, '2026-05-18 12:00');
    expect(clocks.filter((clock) => clock.target === 'next_response')).toMatchObject([
      { cycle: 1, state: 'MET', usedSeconds: HOUR },
      { cycle: 2, state: 'RUNNING', dueAt: at('2026-05-18 13:00') },
    ]);
  });

  test('it starts only after the first response', () => {
    const told = Told.opened('2026-05-18 09:00').customer('2026-05-18 09:10');
    expect(compute(told, rules, '2026-05-18 12:00').clocks.map((clock) => clock.target)).toEqual(['first_response']);
    told.reply('2026-05-18 09:20');
    expect(compute(told, rules, '2026-05-18 12:00').clocks.map((clock) => clock.target)).toEqual(['first_response']);
  });

  test('resolving cancels it without a breach', () => {
    const told = asked().status('2026-05-18 11:00', 'solved');
    const computed = compute(told, rules, '2026-05-19 11:00');
    expect(clockOf(computed, 'next_response')).toMatchObject({
      state: 'CANCELLED',
      cancelledAt: at('2026-05-18 11:00'),
      breaches: [],
    });
    expect(computed.timers).toEqual([]);
  });

  test('a message that reopens starts it, whichever of the two facts comes first', () => {
    for (const told of [
      solved().customer('2026-05-18 12:00').status('2026-05-18 12:00', 'open', false),
      solved().status('2026-05-18 12:00', 'open', false).customer('2026-05-18 12:00'),
    ]) {
      expect(clockOf(compute(told, rules, '2026-05-18 12:00'), 'next_response').dueAt).toBe(at('2026-05-18 13:00'));
    }
  });
});

describe('SLA-8 warnings are in the same open time', () => {
  const long = timeline({
    calendars: [calendar('long', weekdays('08:00', '18:00')), OFFICE, ROUND_THE_CLOCK],
    policies: [
      {
        id: 'all',
        calendar: 'long',
        targets: { firstResponse: { within: 'PT2H', warnBefore: ['PT1H'], warnAfter: ['PT30M'] } },
      },
    ],
  });
  const told = Told.opened('2026-05-18 16:30');

  test('calendar 08–18, due Tue 08:30, warn 1 h before: Mon 17:30', () => {
    const computed = compute(told, long, '2026-05-18 16:30');
    expect(clockOf(computed, 'first_response').dueAt).toBe(at('2026-05-19 08:30'));
    expect(computed.timers.map(({ kind, at }) => [kind, at])).toEqual([
      ['warn', at('2026-05-18 17:00')],
      ['warn', at('2026-05-18 17:30')],
      ['breach', at('2026-05-19 08:30')],
    ]);
  });

  test('a warning rings once, at its own instant however late it is found', () => {
    const found = reconcile([], compute(told, long, '2026-05-19 08:00'));
    expect(found.events.filter(({ type }) => type === 'clock.warned').map(({ occurredAt }) => occurredAt)).toEqual([
      at('2026-05-18 17:00'),
      at('2026-05-18 17:30'),
    ]);
    expect(reconcile(found.clocks, compute(told, long, '2026-05-19 08:29')).events).toEqual([]);
  });

  test('a pause moves it along', () => {
    const paused = Told.opened('2026-05-18 09:00')
      .status('2026-05-18 09:10', 'pending')
      .status('2026-05-18 10:10', 'open');
    const rules = office({ firstResponse: { within: 'PT1H', warnBefore: ['PT15M'] } });
    const [warning] = compute(paused, rules, '2026-05-18 10:10').timers;
    expect(warning).toMatchObject({ kind: 'warn', at: at('2026-05-18 10:10') + 35 * MINUTE });
  });
});

test('a ticket solved without a reply has no verdict on the first response, and it goes on when reopened', () => {
  const rules = office({ firstResponse: { within: 'PT4H' } });
  const told = Told.opened('2026-05-18 09:00').status('2026-05-18 10:00', 'solved');
  expect(clockOf(compute(told, rules, '2026-05-30 10:00'), 'first_response').state).toBe('CANCELLED');
  told.customer('2026-05-19 09:00').status('2026-05-19 09:00', 'open', false);
  expect(clockOf(compute(told, rules, '2026-05-19 09:00'), 'first_response')).toMatchObject({
    cycle: 1,
    dueAt: at('2026-05-19 12:00'),
  });
});

test('a reply in the second in which the ticket was solved still answers', () => {
  const rules = office({ firstResponse: { within: 'PT4H' } });
  const told = Told.opened('2026-05-18 09:00').status('2026-05-18 10:00', 'solved').reply('2026-05-18 10:00');
  expect(clockOf(compute(told, rules, '2026-05-18 10:00'), 'first_response').state).toBe('MET');
});

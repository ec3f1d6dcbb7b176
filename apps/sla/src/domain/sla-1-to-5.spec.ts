import { reconcile } from './reconcile.js';
import { at, clockOf, compute, HOUR, line, office, timeline, Told } from '../../test/domain/fixtures.js';

// The numbered statements on targets, 1 to 5. 18 May 2026 is a Monday; Mon–Fri 09–17 Europe/Berlin unless said.

describe('SLA-1 due exactly at the instant is met', () => {
  const rules = office({ firstResponse: { within: 'PT1H' } });

  test.each([
    ['2026-05-18 09:59:59', 'MET'],
    ['2026-05-18 10:00:00', 'MET'],
    ['2026-05-18 10:00:01', 'BREACHED'],
  ])('a reply at %s: %s', (when, state) => {
    const told = Told.opened('2026-05-18 09:00').reply(when);
    expect(clockOf(compute(told, rules, '2026-05-18 12:00'), 'first_response')).toMatchObject({
      state,
      dueAt: at('2026-05-18 10:00'),
      satisfiedAt: at(when),
    });
  });

  test('without one it is breached at the due instant, whenever that is looked at', () => {
    const told = Told.opened('2026-05-18 09:00');
    expect(clockOf(compute(told, rules, '2026-05-18 09:59:59'), 'first_response').state).toBe('RUNNING');
    for (const now of ['2026-05-18 10:00', '2026-06-30 10:00']) {
      expect(clockOf(compute(told, rules, now), 'first_response')).toMatchObject({
        state: 'BREACHED',
        breachedAt: at('2026-05-18 10:00'),
      });
    }
  });
});

const pausedAtEleven = (): Told => Told.opened('2026-05-18 09:00').status('2026-05-18 11:00', 'pending');

describe('SLA-2 pausing', () => {
  const rules = office({ resolution: { within: 'PT8H' } }, { pauseIn: ['pending', 'waiting'] });

  test('8 h from Mon 09:00, paused Mon 11:00 → Tue 10:00: due Tue 16:00', () => {
    const clock = clockOf(
      compute(pausedAtEleven().status('2026-05-19 10:00', 'open'), rules, '2026-05-19 10:00'),
      'resolution',
    );
    expect(clock).toMatchObject({
      state: 'RUNNING',
      dueAt: at('2026-05-19 16:00'),
      dueReason: 'resumed',
      usedSeconds: 2 * HOUR,
    });
  });

  test('while it is paused there is no due instant and nothing is used or breached', () => {
    const computed = compute(pausedAtEleven(), rules, '2026-07-01 12:00');
    expect(clockOf(computed, 'resolution')).toMatchObject({ state: 'PAUSED', usedSeconds: 2 * HOUR });
    expect(clockOf(computed, 'resolution').dueAt).toBeUndefined();
    expect(computed.timers).toEqual([]);
  });

  test('a pause in closed hours adds nothing', () => {
    const told = Told.opened('2026-05-18 09:00')
      .status('2026-05-18 18:00', 'pending')
      .status('2026-05-19 07:00', 'open');
    const clock = clockOf(compute(told, rules, '2026-05-19 08:00'), 'resolution');
    // Used up at 17:00 sharp, so it was due, and breached, before the pause began.
    expect(clock).toMatchObject({ state: 'BREACHED', breachedAt: at('2026-05-18 17:00') });
    const later = Told.opened('2026-05-18 10:00')
      .status('2026-05-18 18:00', 'pending')
      .status('2026-05-19 07:00', 'open');
    expect(clockOf(compute(later, rules, '2026-05-19 08:00'), 'resolution').dueAt).toBe(at('2026-05-19 10:00'));
  });

  test('two pausing statuses in a row count once', () => {
    const told = pausedAtEleven().status('2026-05-18 13:00', 'waiting').status('2026-05-19 10:00', 'open');
    expect(clockOf(compute(told, rules, '2026-05-19 10:00'), 'resolution').dueAt).toBe(at('2026-05-19 16:00'));
  });
});

const raisedToHigh = (): Told =>
  Told.opened('2026-05-18 09:00', { priority: 'low' }).change('2026-05-18 13:00', 'priority', 'high');

describe('SLA-3 priority, package or calendar change', () => {
  const lines = [line('low', 'low', 'PT16H'), line('high', 'high', 'PT8H')];
  const rules = timeline({ policies: lines });

  test('16 h target, 4 h used at Mon 13:00, raised to 8 h: due Mon 17:00', () => {
    const clock = clockOf(compute(raisedToHigh(), rules, '2026-05-18 13:00'), 'resolution');
    expect(clock).toMatchObject({
      dueAt: at('2026-05-18 17:00'),
      dueReason: 'policy_change',
      policyId: 'high',
      targetSeconds: 8 * HOUR,
    });
  });

  test('set back at once: due as before', () => {
    const clock = clockOf(
      compute(raisedToHigh().change('2026-05-18 13:00', 'priority', 'low'), rules, '2026-05-18 13:00'),
      'resolution',
    );
    expect(clock).toMatchObject({ dueAt: at('2026-05-19 17:00'), policyId: 'low' });
  });

  test('set back an hour later: due as before, too, on the same calendar', () => {
    const clock = clockOf(
      compute(raisedToHigh().change('2026-05-18 14:00', 'priority', 'low'), rules, '2026-05-18 14:00'),
      'resolution',
    );
    expect(clock.dueAt).toBe(at('2026-05-19 17:00'));
  });

  test('retroactive: the new target holds from the start, on the new calendar', () => {
    const always = line('high', 'high', 'PT8H', { calendar: 'always', onChange: 'retroactive' });
    const retroactive = timeline({ policies: [line('low', 'low', 'PT16H'), always] });
    const told = Told.opened('2026-05-18 07:00', { priority: 'low' }).change('2026-05-18 13:00', 'priority', 'high');
    expect(clockOf(compute(told, retroactive, '2026-05-18 13:00'), 'resolution')).toMatchObject({
      dueAt: at('2026-05-18 15:00'),
      usedSeconds: 6 * HOUR,
    });
    told.change('2026-05-18 13:00', 'priority', 'low');
    expect(clockOf(compute(told, retroactive, '2026-05-18 13:00'), 'resolution')).toMatchObject({
      dueAt: at('2026-05-19 17:00'),
      usedSeconds: 4 * HOUR,
    });
  });

  test('a target that is not promised any more ends without a verdict, and goes on if it is promised again', () => {
    const withNone = timeline({
      policies: [...lines, { id: 'none', calendar: 'office', targets: { resolution: 'NONE' } }],
    });
    const told = Told.opened('2026-05-18 09:00', { priority: 'low' }).change('2026-05-18 11:00', 'priority', 'other');
    expect(clockOf(compute(told, withNone, '2026-05-30 11:00'), 'resolution').state).toBe('CANCELLED');
    told.change('2026-05-18 12:00', 'priority', 'high');
    expect(clockOf(compute(told, withNone, '2026-05-18 12:00'), 'resolution')).toMatchObject({
      state: 'RUNNING',
      cycle: 1,
      dueAt: at('2026-05-18 17:00'),
    });
  });
});

const raisedToTop = (): Told =>
  Told.opened('2026-05-18 09:00', { priority: 'low' }).change('2026-05-18 13:00', 'priority', 'top');

describe('SLA-4 a change that puts the due instant in the past', () => {
  const rules = timeline({ policies: [line('low', 'low', 'PT16H'), line('top', 'top', 'PT1H')] });

  test('the same raised to 1 h: breached at Mon 13:00, reason policy_change, not 10:00', () => {
    expect(clockOf(compute(raisedToTop(), rules, '2026-05-18 13:00'), 'resolution')).toMatchObject({
      state: 'BREACHED',
      breachedAt: at('2026-05-18 13:00'),
      breachReason: 'policy_change',
      dueAt: at('2026-05-18 13:00'),
    });
  });

  test('set back: due as before, the breach is revoked and stays on record', () => {
    const told = raisedToTop();
    const before = reconcile([], compute(told, rules, '2026-05-18 13:05'));
    const after = reconcile(
      before.clocks,
      compute(told.change('2026-05-18 13:10', 'priority', 'low'), rules, '2026-05-18 13:10'),
    );
    expect(after.clocks).toMatchObject([
      {
        state: 'RUNNING',
        dueAt: at('2026-05-19 17:00'),
        breaches: [{ at: at('2026-05-18 13:00'), revokedAt: at('2026-05-18 13:10') }],
      },
    ]);
    expect(after.events.map(({ type, occurredAt }) => [type, occurredAt])).toEqual([
      ['clock.due_changed', at('2026-05-18 13:10')],
      ['clock.breach_revoked', at('2026-05-18 13:10')],
    ]);
  });

  test('retroactive as well', () => {
    const retroactive = timeline({
      policies: [line('low', 'low', 'PT16H'), line('top', 'top', 'PT1H')],
      sla: { onChange: 'retroactive' },
    });
    expect(clockOf(compute(raisedToTop(), retroactive, '2026-05-18 13:00'), 'resolution').breachedAt).toBe(
      at('2026-05-18 13:00'),
    );
  });
});

describe('SLA-5 two calendars', () => {
  test('created Fri 16:00 on Mon–Fri 09–17, moved Mon 10:00 to 4 h on 24×7: 2 h used, due Mon 12:00', () => {
    const rules = timeline({
      policies: [line('low', 'low', 'PT16H'), line('top', 'top', 'PT4H', { calendar: 'always' })],
    });
    const told = Told.opened('2026-05-15 16:00', { priority: 'low' }).change('2026-05-18 10:00', 'priority', 'top');
    expect(clockOf(compute(told, rules, '2026-05-18 10:00'), 'resolution')).toMatchObject({
      dueAt: at('2026-05-18 12:00'),
      usedSeconds: 2 * HOUR,
      calendarId: 'always',
    });
  });
});

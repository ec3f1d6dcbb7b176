import type { LifecycleRule } from '#kernel/desk/timing.js';
import { at, compute, timeline, Told } from '../../test/domain/fixtures.js';

// The numbered statement on lifecycle timers. 18 May 2026 is a Monday.

const pendingSinceMonday = (): Told =>
  Told.opened('2026-05-18 09:00').reply('2026-05-18 10:00').status('2026-05-18 10:00', 'pending');

describe('SLA-13 lifecycle timers', () => {
  const solve: LifecycleRule = {
    id: 'solve_silent',
    whileIn: ['pending'],
    from: 'last_public_reply',
    steps: [{ after: 'PT72H', moveTo: 'solved' }],
  };
  const rules = timeline({ policies: [], lifecycle: [solve] });

  test('named by rule, step and the sequence of its anchor, the same however often it is computed', () => {
    const timer = {
      kind: 'lifecycle',
      at: at('2026-05-21 10:00'),
      ruleId: 'solve_silent',
      step: 0,
      anchorSequence: 2,
      moveTo: 'solved',
    };
    for (const now of ['2026-05-18 10:00', '2026-05-21 10:00', '2026-06-21 10:00']) {
      expect(compute(pendingSinceMonday(), rules, now).timers).toEqual([timer]);
    }
  });

  test('a customer reply voids it, even if the status stays', () => {
    expect(compute(pendingSinceMonday().customer('2026-05-21 10:00'), rules, '2026-05-21 10:00').timers).toEqual([]);
  });

  test('status_entered counts from the entry into its statuses as a whole', () => {
    const ask: LifecycleRule = {
      id: 'ask',
      whileIn: ['pending', 'waiting'],
      from: 'status_entered',
      steps: [
        { after: 'P1D', moveTo: 'waiting' },
        { after: 'P2D', moveTo: 'closed' },
      ],
    };
    const told = pendingSinceMonday().status('2026-05-19 10:00', 'waiting');
    const { timers } = compute(told, timeline({ policies: [], lifecycle: [ask] }), '2026-05-19 10:00');
    expect(timers).toMatchObject([
      { step: 0, at: at('2026-05-19 10:00'), anchorSequence: 3, moveTo: 'waiting' },
      { step: 1, at: at('2026-05-21 10:00'), anchorSequence: 3, moveTo: 'closed' },
    ]);
  });

  test('a reply older than the rule allows: due when the status is entered, not before', () => {
    const told = Told.opened('2026-05-18 09:00').reply('2026-05-18 10:00').status('2026-05-25 10:00', 'pending');
    expect(compute(told, rules, '2026-05-25 10:00').timers).toMatchObject([{ at: at('2026-05-25 10:00') }]);
  });
});

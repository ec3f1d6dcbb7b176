import type { LifecycleRule, PolicyLine } from '#kernel/desk/timing.js';
import { previewDeadline } from './preview-deadline.js';
import type { PolicyTimeline } from './policy-timeline.js';
import {
  ALWAYS,
  at,
  calendar,
  clockOf,
  compute,
  HOUR,
  ROUND_THE_CLOCK,
  timeline,
  Told,
  weekdays,
} from '../../test/domain/fixtures.js';

// The timing rules of the five desks, on policies as their files state them. 18 May 2026 is a Monday.

function firstDue(rules: PolicyTimeline, openedAt: string): number | undefined {
  return clockOf(compute(Told.opened(openedAt), rules, openedAt), 'first_response').dueAt;
}

describe('fleet', () => {
  const solve: LifecycleRule = {
    id: 'solve_silent',
    whileIn: ['pending'],
    from: 'last_public_reply',
    steps: [{ after: 'PT72H', moveTo: 'solved' }],
  };
  const rules = timeline({
    policies: [{ id: 'all', calendar: 'always', targets: { firstResponse: { within: 'PT4H' } } }],
    lifecycle: [solve],
  });
  const timersOf = (told: Told, now: string): (number | string)[][] =>
    compute(told, rules, now).timers.map((timer) => [timer.kind, timer.at]);

  test('FLT-1 every clock runs at every hour', () => {
    expect(firstDue(rules, '2026-05-16 23:00')).toBe(at('2026-05-17 03:00'));
  });

  test('FLT-11 pending 72 h after our last reply; a further reply restarts the 72 h', () => {
    const told = Told.opened('2026-05-18 09:00').reply('2026-05-18 10:00').status('2026-05-18 10:05', 'pending');
    expect(timersOf(told, '2026-05-18 10:05')).toEqual([['lifecycle', at('2026-05-21 10:00')]]);
    told.reply('2026-05-20 12:00');
    expect(timersOf(told, '2026-05-20 12:00')).toEqual([['lifecycle', at('2026-05-23 12:00')]]);
  });

  test('FLT-11 72 h are 72 h when summer time begins', () => {
    const told = Told.opened('2026-03-27 09:00+01:00')
      .reply('2026-03-27 10:00+01:00')
      .status('2026-03-27 10:00+01:00', 'pending');
    expect(timersOf(told, '2026-03-27 10:00+01:00')).toEqual([['lifecycle', at('2026-03-30 11:00')]]);
  });

  test('FLT-11 on hold never solves by itself', () => {
    const told = Told.opened('2026-05-18 09:00').reply('2026-05-18 10:00').status('2026-05-18 10:00', 'on_hold');
    expect(timersOf(told, '2026-05-18 10:00')).toEqual([]);
    told.status('2026-05-19 10:00', 'pending').status('2026-05-20 10:00', 'on_hold');
    expect(timersOf(told, '2026-05-20 10:00')).toEqual([]);
  });
});

describe('officehours', () => {
  const rules = timeline({
    calendars: [calendar('office', weekdays('09:00', '16:00'))],
    policies: [
      {
        id: 'all',
        calendar: 'office',
        targets: {
          firstResponse: { within: 'PT8H', metBy: 'status_change' },
          nextResponse: 'NONE',
          periodicUpdate: { within: 'PT16H' },
          resolution: 'NONE',
        },
      },
    ],
  });

  test.each([
    ['OFC-3 Mon 09:00', '2026-05-18 09:00', '2026-05-19 10:00'],
    ['OFC-3 Fri 15:00', '2026-05-22 15:00', '2026-05-25 16:00'],
  ])('%s: reaction due', (_title, openedAt, due) => {
    expect(firstDue(rules, openedAt)).toBe(at(due));
  });

  test.each([
    ['an agent who starts on it', (told: Told) => told.status('2026-05-18 11:00', 'open'), 'MET'],
    ['a public reply', (told: Told) => told.reply('2026-05-18 11:00'), 'MET'],
    ['a status moved by the customer', (told: Told) => told.status('2026-05-18 11:00', 'open', false), 'RUNNING'],
  ])('OFC-3 %s', (_title, act, state) => {
    expect(
      clockOf(compute(act(Told.opened('2026-05-18 09:00')), rules, '2026-05-18 11:00'), 'first_response').state,
    ).toBe(state);
  });

  test('OFC-5 asking for what is missing is automatic and answers nothing', () => {
    const told = Told.opened('2026-05-18 09:00').other('2026-05-18 09:01');
    expect(clockOf(compute(told, rules, '2026-05-18 12:00'), 'first_response').state).toBe('RUNNING');
  });

  test('OFC-11 no resolution clock, and it is said so', () => {
    const computed = compute(Told.opened('2026-05-18 09:00'), rules, '2026-05-18 09:00');
    expect(computed.clocks.map((clock) => clock.target)).toEqual(['first_response', 'periodic_update']);
    expect(computed.notPromised).toEqual(['next_response', 'resolution', 'cut_off']);
  });

  test('OFC-13 each public reply meets the periodic update and starts it anew, until it is resolved', () => {
    const told = Told.opened('2026-05-18 09:00')
      .reply('2026-05-19 09:00')
      .other('2026-05-19 10:00')
      .reply('2026-05-19 11:00');
    const updates = (now: string) =>
      compute(told, rules, now).clocks.filter((clock) => clock.target === 'periodic_update');
    expect(updates('2026-05-19 11:00')).toMatchObject([
      { cycle: 1, state: 'MET', usedSeconds: 7 * HOUR },
      { cycle: 2, state: 'MET', usedSeconds: 2 * HOUR },
      { cycle: 3, state: 'RUNNING', dueAt: at('2026-05-21 13:00') },
    ]);
    told.status('2026-05-20 11:00', 'solved');
    expect(updates('2026-06-20 11:00')[2]).toMatchObject({ state: 'CANCELLED', breaches: [] });
    told.status('2026-05-22 09:00', 'open');
    expect(updates('2026-05-22 09:00')[3]).toMatchObject({ cycle: 4, state: 'RUNNING' });
  });
});

describe('webshop', () => {
  const holidays = { '2026-05-25': 'Pfingstmontag' };
  const office = calendar('office', weekdays('09:00', '18:00'), 1, holidays);
  const extended = calendar('extended', { ...ALWAYS, weekly: { ...ALWAYS.weekly } });
  const targets = { cutOff: { at: '16:00', businessDays: 'office', dueAt: '24:00', warnBefore: ['PT2H'] } };
  const policies: PolicyLine[] = [
    {
      id: 'priority',
      match: { lanes: ['priority'] },
      calendar: 'extended',
      targets: { firstResponse: { within: 'PT4H' } },
    },
    { id: 'normal', calendar: 'office', targets: { ...targets, firstResponse: { within: 'PT9H' } } },
  ];
  const rules = timeline({ policies, calendars: [office, extended] });
  const due = (openedAt: string): number | undefined =>
    clockOf(compute(Told.opened(openedAt, { lane: 'normal' }), rules, openedAt), 'cut_off').dueAt;

  test.each([
    ['sent at 15:59:59 on a business day', '2026-05-19 15:59:59', '2026-05-20 00:00'],
    ['sent at 16:00', '2026-05-19 16:00', '2026-05-21 00:00'],
    ['sent before the office opens', '2026-05-19 03:00', '2026-05-20 00:00'],
    ['sent on Saturday', '2026-05-16 10:00', '2026-05-19 00:00'],
    ['sent on Friday evening before a holiday', '2026-05-22 18:00', '2026-05-27 00:00'],
  ])('SHP-6 %s', (_title, openedAt, expected) => {
    expect(due(openedAt)).toBe(at(expected));
  });

  test('SHP-6 a reply at the due instant is in time, the share counts elapsed time', () => {
    const told = Told.opened('2026-05-19 15:00', { lane: 'normal' })
      .status('2026-05-19 16:00', 'pending')
      .reply('2026-05-20 00:00');
    expect(clockOf(compute(told, rules, '2026-05-21 09:00'), 'cut_off')).toMatchObject({
      state: 'MET',
      usedSeconds: 9 * HOUR,
      targetSeconds: 9 * HOUR,
    });
    const late = Told.opened('2026-05-19 15:00', { lane: 'normal' });
    const timers = compute(late, rules, '2026-05-19 15:00').timers.filter(
      (timer) => timer.kind !== 'lifecycle' && timer.target === 'cut_off',
    );
    expect(timers.map(({ at: when }) => when)).toEqual([at('2026-05-19 22:00'), at('2026-05-20 00:00')]);
    expect(clockOf(compute(late, rules, '2026-05-20 00:00'), 'cut_off').breachedAt).toBe(at('2026-05-20 00:00'));
  });

  test('SHP-5 buying priority moves the ticket to the other calendar, used time carried over', () => {
    const told = Told.opened('2026-05-22 16:00', { lane: 'normal' }).change('2026-05-23 10:00', 'lane', 'priority');
    const computed = compute(told, rules, '2026-05-23 10:00');
    expect(clockOf(computed, 'first_response')).toMatchObject({
      dueAt: at('2026-05-23 12:00'),
      calendarId: 'extended',
    });
    expect(clockOf(computed, 'cut_off').state).toBe('CANCELLED');
    told.change('2026-05-23 10:00', 'lane', 'normal');
    const back = compute(told, rules, '2026-05-23 10:00');
    expect(clockOf(back, 'cut_off')).toMatchObject({ state: 'RUNNING', dueAt: at('2026-05-27 00:00') });
  });

  test('SHP-6 a date declared a holiday moves the cut-off of tickets still open', () => {
    const closed = calendar('office', weekdays('09:00', '18:00'), 2, { ...holidays, '2026-05-20': 'Inventory' });
    const versions = timeline(
      { policies, calendars: [office, extended] },
      { policies, calendars: [closed, extended], appliedAt: at('2026-05-19 18:00') },
    );
    const told = Told.opened('2026-05-19 17:00', { lane: 'normal' });
    expect(clockOf(compute(told, versions, '2026-05-19 18:00'), 'cut_off')).toMatchObject({
      dueAt: at('2026-05-22 00:00'),
      dueReason: 'calendar_change',
      calendarVersion: 2,
    });
  });
});

const firstResponseWithin = (match: PolicyLine['match'], duration: string, warnAfter: string[] = []): PolicyLine => ({
  id: duration.toLowerCase(),
  match: match ?? {},
  calendar: 'always',
  targets: { firstResponse: { within: duration, warnAfter } },
});

describe('hosting', () => {
  const rules = timeline({
    calendars: [ROUND_THE_CLOCK],
    policies: [
      firstResponseWithin({ channels: ['chat'] }, 'PT60S'),
      firstResponseWithin({ channels: ['email'] }, 'PT30M', ['PT15M']),
      firstResponseWithin(undefined, 'PT10M'),
    ],
  });

  test.each([
    ['HST-3 first response within 10 minutes at any hour', 'form', [['breach', 600]]],
    ['HST-5 a chat is answered at once', 'chat', [['breach', 60]]],
    [
      'HST-6 e-mail: warn at 15 minutes, due at 30',
      'email',
      [
        ['warn', 900],
        ['breach', 1800],
      ],
    ],
  ] as const)('%s', (_title, channel, expected) => {
    const openedAt = '2026-05-17 03:00';
    const { timers } = compute(Told.opened(openedAt, { channel }), rules, openedAt);
    expect(timers.map((timer) => [timer.kind, timer.at - at(openedAt)])).toEqual(expected);
  });
});

const byPackage = (id: string, within: string): PolicyLine => ({
  id,
  match: { packages: [id] },
  calendar: 'office',
  targets: { firstResponse: { within } },
});

const closesAfter = (types: string[], steps: LifecycleRule['steps']): LifecycleRule => ({
  id: `silent_${types.join('_')}`,
  match: { types },
  whileIn: ['pending'],
  from: 'last_public_reply',
  steps,
});

describe('packages', () => {
  const hours = calendar('office', weekdays('09:00', '18:00'));
  const rules = timeline({
    calendars: [hours],
    policies: [byPackage('basic', 'PT18H'), byPackage('gold', 'PT2H')],
    lifecycle: [
      closesAfter(['request'], [{ after: 'P30D', moveTo: 'solved' }]),
      closesAfter(
        ['problem'],
        [
          { after: 'P30D', notify: 'ask_for_update' },
          { after: 'P5D', moveTo: 'solved' },
        ],
      ),
    ],
  });

  test('PKG-1 support hours Mon–Fri 09:00–18:00', () => {
    const [clock] = previewDeadline(rules, { package: 'gold' }, at('2026-05-22 17:00')).clocks;
    expect(clock?.dueAt).toBe(at('2026-05-25 10:00'));
  });

  test('PKG-2 each package has its own times, and a faster one counts at once', () => {
    const told = Told.opened('2026-05-18 09:00', { package: 'basic' });
    expect(clockOf(compute(told, rules, '2026-05-18 09:30'), 'first_response').dueAt).toBe(at('2026-05-19 18:00'));
    told.change('2026-05-18 09:30', 'package', 'gold');
    expect(clockOf(compute(told, rules, '2026-05-18 09:30'), 'first_response').dueAt).toBe(at('2026-05-18 11:00'));
  });

  const silent = (type: string) => {
    const told = Told.opened('2026-05-18 09:00', { package: 'gold', type })
      .reply('2026-05-18 10:00')
      .status('2026-05-18 10:00', 'pending');
    return compute(told, rules, '2026-05-18 10:00').timers;
  };

  test('PKG-17 service requests close after 30 days; problems ask, and close 5 days later', () => {
    expect(silent('request')).toMatchObject([{ step: 0, at: at('2026-06-17 10:00'), moveTo: 'solved' }]);
    expect(silent('problem')).toMatchObject([
      { step: 0, at: at('2026-06-17 10:00'), notify: 'ask_for_update' },
      { step: 1, at: at('2026-06-22 10:00'), moveTo: 'solved' },
    ]);
  });
});

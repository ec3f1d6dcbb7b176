import type { Clock } from './clock.js';
import type { TicketClocks } from './compute-clocks.js';
import { reconcile, type Reconciliation } from './reconcile.js';
import {
  at,
  calendar,
  clockOf,
  compute,
  HOUR,
  line,
  office,
  OFFICE,
  ROUND_THE_CLOCK,
  timeline,
  Told,
  weekdays,
  type Rules,
} from '../../test/domain/fixtures.js';

// The numbered statements on finding, recording and replaying, 9 to 12. 18 May 2026 is a Monday.

const oneHour = office({ firstResponse: { within: 'PT1H' } });

function record(computed: TicketClocks, recorded: readonly Clock[] = []): Reconciliation {
  return reconcile(recorded, computed);
}

function typesOf({ events }: Reconciliation): string[] {
  return events.map(({ type }) => type);
}

describe('SLA-9 found late', () => {
  test('down 17:00–23:00, due 18:00: exactly one breach, occurred 18:00', () => {
    const rules = timeline({
      policies: [{ id: 'all', calendar: 'always', targets: { firstResponse: { within: 'PT4H' } } }],
    });
    const told = Told.opened('2026-05-18 14:00');
    const before = record(compute(told, rules, '2026-05-18 17:00'));
    expect(typesOf(before)).toEqual(['clock.due_changed']);
    const found = record(compute(told, rules, '2026-05-18 23:00'), before.clocks);
    expect(found.events).toEqual([
      {
        type: 'clock.breached',
        target: 'first_response',
        cycle: 1,
        dueAt: at('2026-05-18 18:00'),
        occurredAt: at('2026-05-18 18:00'),
      },
    ]);
    expect(record(compute(told, rules, '2026-05-18 23:01'), found.clocks).events).toEqual([]);
  });
});

describe('SLA-10 a late reply', () => {
  test('of 09:55, consumed after the breach of 10:00 was recorded: breach_revoked and met, nothing deleted', () => {
    const told = Told.opened('2026-05-18 09:00');
    const breached = record(compute(told, oneHour, '2026-05-18 10:30'));
    expect(typesOf(breached)).toEqual(['clock.due_changed', 'clock.breached']);
    const after = record(compute(told.reply('2026-05-18 09:55'), oneHour, '2026-05-18 10:31'), breached.clocks);
    expect(after.events).toMatchObject([
      {
        type: 'clock.due_changed',
        oldDueAt: at('2026-05-18 10:00'),
        reason: 'met',
        occurredAt: at('2026-05-18 09:55'),
      },
      {
        type: 'clock.breach_revoked',
        reason: 'late_reply',
        dueAt: at('2026-05-18 10:00'),
        breachedAt: at('2026-05-18 10:00'),
        occurredAt: at('2026-05-18 09:55'),
      },
      { type: 'clock.met', occurredAt: at('2026-05-18 09:55'), usedSeconds: 55 * 60 },
    ]);
    expect(after.events[0]).not.toHaveProperty('newDueAt');
    expect(record(compute(told, oneHour, '2026-05-18 11:00'), after.clocks).events).toEqual([]);
  });

  test('of 10:05: late in truth as well, the breach stands and nothing is met', () => {
    const told = Told.opened('2026-05-18 09:00');
    const breached = record(compute(told, oneHour, '2026-05-18 10:30'));
    const after = record(compute(told.reply('2026-05-18 10:05'), oneHour, '2026-05-18 10:31'), breached.clocks);
    expect(after.events).toMatchObject([{ type: 'clock.due_changed', reason: 'met' }]);
    expect(after.clocks).toMatchObject([{ state: 'BREACHED', satisfiedAt: at('2026-05-18 10:05') }]);
  });

  test('a pause that is heard of late moves the breach: the first one is revoked, the true one recorded', () => {
    const told = Told.opened('2026-05-18 09:00');
    const breached = record(compute(told, oneHour, '2026-05-18 12:00'));
    told.status('2026-05-18 09:30', 'pending').status('2026-05-18 09:45', 'open');
    const after = record(compute(told, oneHour, '2026-05-18 12:01'), breached.clocks);
    expect(after.events.map(({ type, occurredAt }) => [type, occurredAt])).toEqual([
      ['clock.due_changed', at('2026-05-18 09:45')],
      ['clock.breach_revoked', at('2026-05-18 10:00')],
      ['clock.breached', at('2026-05-18 10:15')],
    ]);
  });

  test('while a fact is known to be missing, nothing is decided and nothing recorded', () => {
    const told = Told.opened('2026-05-18 09:00').reply('2026-05-18 09:55').status('2026-05-18 10:10', 'open');
    const [opened, , moved] = told.facts;
    const withGap = compute([opened!, moved!], oneHour, '2026-05-18 10:30');
    expect(withGap).toMatchObject({
      missingSequence: 2,
      timers: [],
      clocks: [{ state: 'RUNNING', dueAt: at('2026-05-18 10:00') }],
    });
    expect(record(withGap)).toEqual({ events: [], clocks: [] });
    expect(typesOf(record(compute(told, oneHour, '2026-05-18 10:30')))).toEqual(['clock.met']);
  });
});

const answeredOnMonday = (): Told => Told.opened('2026-05-18 13:00').reply('2026-05-18 14:00');

describe('SLA-11 a holiday added while clocks run', () => {
  const policies = [
    { id: 'all', calendar: 'office', targets: { firstResponse: { within: 'PT2H' }, resolution: { within: 'PT12H' } } },
  ];
  const withHoliday = calendar('office', weekdays('09:00', '17:00'), 2, { '2026-05-19': 'Founding day' });
  const first: Rules = { policies };
  const second: Rules = { policies, calendars: [withHoliday], version: 1, appliedAt: at('2026-05-18 15:00') };

  test('used time stays, the rest is computed again; the event says old and new due and the calendar version', () => {
    const before = record(compute(answeredOnMonday(), timeline(first), '2026-05-18 14:30'));
    const after = record(compute(answeredOnMonday(), timeline(first, second), '2026-05-18 15:00'), before.clocks);
    expect(after.events).toEqual([
      {
        type: 'clock.due_changed',
        target: 'resolution',
        cycle: 1,
        oldDueAt: at('2026-05-19 17:00'),
        newDueAt: at('2026-05-20 17:00'),
        reason: 'calendar_change',
        policyId: 'all',
        policyVersion: 1,
        calendarId: 'office',
        calendarVersion: 2,
        timeZoneDataVersion: '2025c',
        occurredAt: at('2026-05-18 15:00'),
      },
    ]);
  });

  test('finished targets never change', () => {
    const [firstResponse] = compute(answeredOnMonday(), timeline(first, second), '2026-05-25 15:00').clocks;
    expect(firstResponse).toMatchObject({ state: 'MET', dueAt: at('2026-05-18 15:00'), calendarVersion: 1 });
  });

  test('used time stays even if the new version closes the time in which it was used', () => {
    const closedToday = calendar('office', weekdays('09:00', '17:00'), 2, { '2026-05-18': 'Strike' });
    const rules = timeline(first, { ...second, calendars: [closedToday] });
    expect(clockOf(compute(answeredOnMonday(), rules, '2026-05-18 15:00'), 'resolution')).toMatchObject({
      usedSeconds: 2 * HOUR,
      dueAt: at('2026-05-20 11:00'),
    });
  });

  test('used time stays as a retroactive line saw it', () => {
    const lines = [
      line('low', 'low', 'PT16H', { calendar: 'always' }),
      line('high', 'high', 'PT8H', { onChange: 'retroactive' }),
    ];
    const rules = timeline(
      { policies: lines },
      { policies: lines, calendars: [withHoliday, ROUND_THE_CLOCK], appliedAt: at('2026-05-18 14:00') },
    );
    const raised = Told.opened('2026-05-18 07:00', { priority: 'low' }).change('2026-05-18 13:00', 'priority', 'high');
    expect(clockOf(compute(raised, rules, '2026-05-18 14:00'), 'resolution')).toMatchObject({
      usedSeconds: 5 * HOUR,
      dueAt: at('2026-05-18 17:00'),
      calendarVersion: 2,
    });
  });

  test('a new desk version that changes the target is a policy change', () => {
    const longer = {
      ...first,
      version: 2,
      appliedAt: at('2026-05-18 15:00'),
      policies: [line('all', 'x', 'PT16H', { match: {} })],
    };
    const changed = clockOf(compute(answeredOnMonday(), timeline(first, longer), '2026-05-18 15:00'), 'resolution');
    expect(changed).toMatchObject({ dueReason: 'policy_change', policyVersion: 2, dueAt: at('2026-05-20 13:00') });
  });

  test('newer time-zone data leaves finished targets alone', () => {
    const settled = compute(answeredOnMonday(), timeline(first), '2026-05-18 14:30');
    const newer = { ...timeline({ ...first, calendars: [withHoliday] }), timeZoneDataVersion: '2026a' };
    const after = record(compute(answeredOnMonday(), newer, '2026-05-18 14:30'), settled.clocks);
    expect(after.events).toMatchObject([{ type: 'clock.due_changed', target: 'resolution', reason: 'time_zone_data' }]);
    expect(after.clocks[0]).toBe(settled.clocks[0]);
  });
});

describe('SLA-12 replay', () => {
  const rules = office({
    firstResponse: { within: 'PT1H', warnBefore: ['PT15M'] },
    nextResponse: { within: 'PT1H' },
    periodicUpdate: { within: 'PT16H' },
    resolution: { within: 'PT8H' },
    cutOff: { at: '16:00', businessDays: 'office', dueAt: '17:00' },
  });
  const told = Told.opened('2026-05-18 09:00')
    .status('2026-05-18 09:30', 'open')
    .reply('2026-05-18 10:30')
    .customer('2026-05-18 11:00')
    .status('2026-05-18 12:00', 'pending')
    .customer('2026-05-18 15:00')
    .status('2026-05-18 15:00', 'open', false)
    .status('2026-05-19 15:00', 'solved');

  test('the same facts give the same bytes, in any order and repeated', () => {
    const expected = JSON.stringify(compute(told, rules, '2026-05-20 09:00'));
    expect(JSON.stringify(compute(told.facts.toReversed(), rules, '2026-05-20 09:00'))).toBe(expected);
    expect(JSON.stringify(compute([...told.facts, ...told.facts], rules, '2026-05-20 09:00'))).toBe(expected);
  });

  test('imported history gets its true instants, however long ago', () => {
    const atOnce = compute(told, rules, '2029-01-01 00:00');
    expect(JSON.stringify(atOnce.clocks)).toBe(JSON.stringify(compute(told, rules, '2026-05-20 09:00').clocks));
    expect(clockOf(atOnce, 'first_response').breachedAt).toBe(at('2026-05-18 10:00'));
  });

  test('a fact dated before its predecessor counts at the predecessor', () => {
    const skewed = Told.opened('2026-05-18 09:00').status('2026-05-18 10:30', 'open').reply('2026-05-18 10:29:58');
    expect(clockOf(compute(skewed, rules, '2026-05-18 11:00'), 'first_response').satisfiedAt).toBe(
      at('2026-05-18 10:30'),
    );
  });

  test('history from before the first desk version goes by the first one', () => {
    const later = timeline({
      policies: [{ id: 'all', calendar: 'office', targets: { resolution: { within: 'PT8H' } } }],
      calendars: [OFFICE],
      appliedAt: at('2027-01-01 00:00+01:00'),
    });
    expect(clockOf(compute(told, later, '2027-02-01 00:00+01:00'), 'resolution')).toMatchObject({
      state: 'BREACHED',
      breachedAt: at('2026-05-19 12:00'),
    });
  });
});

import { reconcile } from './reconcile.js';
import { computeClocks } from './compute-clocks.js';
import { previewDeadline } from './preview-deadline.js';
import { replayDifferences } from './replay.js';
import { simulatePolicy } from './simulate-policy.js';
import { ALWAYS, at, calendar, compute, office, OFFICE, snapshot, Told } from '../../test/domain/fixtures.js';

// Looking without touching: preview, simulation, replay. 18 May 2026 is a Monday.

const candidate = (within: string, calendarId = 'office') =>
  snapshot({ policies: [{ id: 'all', calendar: calendarId, targets: { resolution: { within } } }], version: 2 });

describe('SimulatePolicy', () => {
  const current = office({ resolution: { within: 'PT8H' } });
  const now = at('2026-05-18 13:00');
  const told = Told.opened('2026-05-18 09:00');

  test.each([
    ['PT16H', 'moved', '2026-05-19 17:00'],
    ['PT8H', 'unchanged', '2026-05-18 17:00'],
    ['PT1H', 'breaches', '2026-05-18 13:00'],
  ])('8 h with 4 h used, changed to %s: %s', (within, outcome, due) => {
    expect(simulatePolicy(told.facts, current, candidate(within), now)).toEqual([
      { target: 'resolution', cycle: 1, outcome, oldDueAt: at('2026-05-18 17:00'), newDueAt: at(due) },
    ]);
  });

  test('a longer target lets a breached clock recover', () => {
    const later = at('2026-05-19 13:00');
    expect(simulatePolicy(told.facts, current, candidate('PT16H'), later)).toEqual([
      {
        target: 'resolution',
        cycle: 1,
        outcome: 'recovers',
        oldDueAt: at('2026-05-18 17:00'),
        newDueAt: at('2026-05-19 17:00'),
      },
    ]);
  });

  test('another calendar moves the rest', () => {
    expect(simulatePolicy(told.facts, current, candidate('PT8H', 'always'), at('2026-05-18 16:00'))).toMatchObject([
      { outcome: 'unchanged' },
    ]);
    const evening = Told.opened('2026-05-18 16:00');
    expect(simulatePolicy(evening.facts, current, candidate('PT8H', 'always'), at('2026-05-18 16:30'))).toMatchObject([
      { outcome: 'moved', newDueAt: at('2026-05-19 00:00') },
    ]);
  });

  test('finished clocks are left out', () => {
    const solved = Told.opened('2026-05-18 09:00').status('2026-05-18 10:00', 'solved');
    expect(simulatePolicy(solved.facts, current, candidate('PT16H'), now)).toEqual([]);
  });

  test('it foretells what applying the candidate then does', () => {
    const [foretold] = simulatePolicy(told.facts, current, candidate('PT1H'), now);
    const applied = { ...current, snapshots: [...current.snapshots, { ...candidate('PT1H'), appliedAt: now }] };
    const [clock] = computeClocks({ facts: told.facts, timeline: applied, now }).clocks;
    expect(clock).toMatchObject({ dueAt: foretold?.newDueAt, state: 'BREACHED' });
  });
});

describe('PreviewDeadline', () => {
  test('due times of a ticket that does not exist yet, and what is not promised', () => {
    const rules = office({ firstResponse: { within: 'PT1H' }, resolution: { within: 'PT8H' } });
    const { clocks, notPromised } = previewDeadline(rules, {}, at('2026-05-22 16:30'));
    expect(clocks).toMatchObject([
      { target: 'first_response', state: 'RUNNING', dueAt: at('2026-05-25 09:30') },
      { target: 'resolution', state: 'RUNNING', dueAt: at('2026-05-25 16:30') },
    ]);
    expect(notPromised).toEqual(['next_response', 'periodic_update', 'cut_off']);
  });
});

describe('replay', () => {
  const told = Told.opened('2026-05-18 09:00').reply('2026-05-18 09:30');
  const rules = office({ firstResponse: { within: 'PT1H' }, resolution: { within: 'PT8H' } });

  test('no difference from what was recorded by the same rules', () => {
    const { clocks } = reconcile([], compute(told, rules, '2026-05-18 10:00'));
    expect(replayDifferences(clocks, compute(told, rules, '2026-05-18 11:00').clocks)).toEqual([]);
  });

  test('every field that differs, and clocks that only one side has', () => {
    const { clocks } = reconcile([], compute(told, rules, '2026-05-18 10:00'));
    const other = office({ firstResponse: { within: 'PT15M' }, nextResponse: 'NONE' });
    expect(replayDifferences(clocks, compute(told, other, '2026-05-18 11:00').clocks)).toEqual([
      { target: 'first_response', cycle: 1, field: 'state', recorded: 'MET', computed: 'BREACHED' },
      { target: 'first_response', cycle: 1, field: 'targetSeconds', recorded: '3600', computed: '900' },
      {
        target: 'first_response',
        cycle: 1,
        field: 'dueAt',
        recorded: '2026-05-18T08:00:00Z',
        computed: '2026-05-18T07:15:00Z',
      },
      { target: 'first_response', cycle: 1, field: 'breachedAt', recorded: '', computed: '2026-05-18T07:15:00Z' },
      { target: 'resolution', cycle: 1, field: 'state', recorded: 'RUNNING', computed: '' },
    ]);
    expect(replayDifferences([], clocks).map(({ recorded, computed }) => [recorded, computed])).toEqual([
      ['', 'MET'],
      ['', 'RUNNING'],
    ]);
  });

  test('a recorded clock that is no longer computed is cancelled, its breach revoked, and stays so', () => {
    const silent = Told.opened('2026-05-18 09:00');
    const breached = reconcile([], compute(silent, rules, '2026-05-18 12:00'));
    const gone = reconcile(
      breached.clocks,
      compute(silent, office({ resolution: { within: 'PT8H' } }), '2026-05-18 12:00'),
    );
    expect(gone.events.map(({ type }) => type).sort()).toEqual(['clock.breach_revoked', 'clock.due_changed']);
    expect(gone.clocks[0]).toMatchObject({ target: 'first_response', state: 'CANCELLED' });
    expect(
      reconcile(gone.clocks, compute(silent, office({ resolution: { within: 'PT8H' } }), '2026-05-18 12:00')).events,
    ).toEqual([]);
  });
});

describe('a cut-off where summer time begins or ends', () => {
  const sundays = calendar('sundays', { ...ALWAYS, weekly: { sun: [['08:00', '12:00']] } });
  const rules = snapshot({
    policies: [
      { id: 'all', calendar: 'office', targets: { cutOff: { at: '01:00', businessDays: 'sundays', dueAt: '02:30' } } },
    ],
    calendars: [OFFICE, sundays],
  });
  test.each([
    ['in the gap it is the end of the gap', '2026-03-29 00:30+01:00', '2026-03-29 03:00+02:00'],
    ['in the repeated hour it is the last occurrence', '2026-10-25 00:30+02:00', '2026-10-25 02:30+01:00'],
  ])('%s', (_title, openedAt, due) => {
    const [clock] = previewDeadline({ snapshots: [rules], timeZoneDataVersion: '2025c' }, {}, at(openedAt)).clocks;
    expect(clock?.dueAt).toBe(at(due));
  });

  test('a year-long closure only means a later day', () => {
    const dates = Array.from({ length: 365 }, (_, day) =>
      new Date(Date.UTC(2026, 4, 18) + day * 86_400_000).toISOString().slice(0, 10),
    );
    const closed = calendar(
      'office',
      OFFICE.calendar.definition,
      1,
      Object.fromEntries(dates.map((date) => [date, 'Closed'])),
    );
    const far = snapshot({
      policies: [
        { id: 'all', calendar: 'office', targets: { cutOff: { at: '16:00', businessDays: 'office', dueAt: '17:00' } } },
      ],
      calendars: [closed],
    });
    const [clock] = previewDeadline(
      { snapshots: [far], timeZoneDataVersion: '2025c' },
      {},
      at('2026-05-18 09:00'),
    ).clocks;
    expect(clock?.dueAt).toBe(at('2027-05-18 17:00'));
  });
});

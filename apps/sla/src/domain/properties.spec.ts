import fc from 'fast-check';
import type { Clock, Instant } from './clock.js';
import type { ClockEvent } from './clock-events.js';
import { computeClocks } from './compute-clocks.js';
import { explainDeadline } from './explain-deadline.js';
import type { Fact } from './facts.js';
import { reconcile } from './reconcile.js';
import { replayDifferences } from './replay.js';
import {
  delays,
  END,
  heard,
  instants,
  policies,
  priorities,
  rules,
  START,
  tickets,
} from '../../test/domain/arbitrary-tickets.js';
import { calendar, HOUR, timeline, weekdays } from '../../test/domain/fixtures.js';

// What holds for every ticket: whatever happens to it, in whatever order it is heard of, whenever somebody looks.

function clocksAt(facts: readonly Fact[], now: Instant): readonly Clock[] {
  return computeClocks({ facts, timeline: rules, now }).clocks;
}

test('any order and repetition of the facts gives the same clocks, byte for byte', () => {
  fc.assert(
    fc.property(
      tickets.chain((facts) => fc.tuple(fc.constant(facts), heard(facts))),
      instants,
      ([facts, told], now) => {
        const history = { timeline: rules, now };
        expect(JSON.stringify(computeClocks({ ...history, facts: told }))).toBe(
          JSON.stringify(computeClocks({ ...history, facts })),
        );
      },
    ),
  );
});

test('used time is never negative, never shrinks while nothing changes, and stays below elapsed time', () => {
  fc.assert(
    fc.property(tickets, instants, fc.nat(40 * HOUR), (facts, now, later) => {
      const last = facts.at(-1)?.at ?? now;
      const before = clocksAt(facts, now);
      const after = clocksAt(facts, now + later);
      for (const clock of before) {
        const end = clock.satisfiedAt ?? clock.cancelledAt ?? Math.max(now, last);
        expect(clock.usedSeconds).toBeGreaterThanOrEqual(0);
        expect(clock.usedSeconds).toBeLessThanOrEqual(end - clock.startedAt);
        const same = after.find(({ target, cycle }) => target === clock.target && cycle === clock.cycle);
        expect(same?.usedSeconds).toBeGreaterThanOrEqual(clock.usedSeconds);
      }
    }),
  );
});

test('used time only grows from fact to fact under carry_over', () => {
  const carrying = timeline({
    policies: policies.map((entry) => ({ ...entry, onChange: 'carry_over' as const, onReopen: 'resume' as const })),
  });
  fc.assert(
    fc.property(tickets, (facts) => {
      let before: readonly Clock[] = [];
      for (let count = 1; count <= facts.length; count++) {
        const now = facts[count - 1]?.at ?? START;
        const { clocks } = computeClocks({ facts: facts.slice(0, count), timeline: carrying, now });
        for (const clock of before.filter(({ target }) => target !== 'cut_off')) {
          const same = clocks.find(({ target, cycle }) => target === clock.target && cycle === clock.cycle);
          expect(same?.usedSeconds).toBeGreaterThanOrEqual(clock.usedSeconds);
        }
        before = clocks;
      }
    }),
  );
});

function essence(clocks: readonly Clock[]): unknown {
  return clocks.map(({ target, cycle, state, dueAt, usedSeconds, breachedAt }) => ({
    target,
    cycle,
    state,
    dueAt,
    usedSeconds,
    breachedAt,
  }));
}

test('toggling the class and setting it back at once changes no due instant and no verdict', () => {
  fc.assert(
    fc.property(tickets, fc.array(priorities, { minLength: 1, maxLength: 4 }), delays, (facts, toggles, after) => {
      const own = facts.reduce((priority, fact) => {
        if (fact.kind === 'opened') return fact.traits.priority ?? priority;
        return fact.kind === 'class_changed' ? (fact.to ?? priority) : priority;
      }, '');
      // What breached before the toggle is decided anew by what is promised: left to its own test.
      const when = (facts.at(-1)?.at ?? START) + after;
      const plain = computeClocks({ facts, timeline: rules, now: when });
      fc.pre(plain.clocks.every((clock) => clock.state !== 'BREACHED') && own !== 'top');
      const toggled = [...toggles, own].map((to, index): Fact => ({
        kind: 'class_changed',
        sequence: facts.length + 1 + index,
        at: when,
        dimension: 'priority',
        to,
      }));
      const back = computeClocks({ facts: [...facts, ...toggled], timeline: rules, now: when });
      const promised = ({ target }: Clock): boolean => !plain.notPromised.includes(target);
      expect(essence(back.clocks.filter(promised))).toEqual(essence(plain.clocks.filter(promised)));
    }),
    { numRuns: 300 },
  );
});

/** What an event log says stands: breaches recorded and not revoked, each at most once. */
function standing(events: readonly ClockEvent[]): string[] {
  const breaches = new Set<string>();
  for (const event of events) {
    if (event.type === 'clock.breached') {
      const name = `${event.target}/${event.cycle}@${event.occurredAt}`;
      expect(breaches.has(name)).toBe(false);
      breaches.add(name);
    } else if (event.type === 'clock.breach_revoked') {
      expect(breaches.delete(`${event.target}/${event.cycle}@${event.breachedAt}`)).toBe(true);
    }
  }
  return [...breaches].sort();
}

/** What it says is due: the last word on each clock. */
function dueBy(events: readonly ClockEvent[]): Map<string, Instant> {
  const due = new Map<string, Instant>();
  for (const event of events) {
    if (event.type !== 'clock.due_changed') continue;
    const name = `${event.target}/${event.cycle}`;
    expect(due.get(name)).toBe(event.oldDueAt);
    if (event.newDueAt === undefined) due.delete(name);
    else due.set(name, event.newDueAt);
  }
  return due;
}

test('recording fact by fact, in any order and at any time, ends as replay does', () => {
  fc.assert(
    fc.property(
      tickets.chain((facts) => fc.tuple(fc.constant(facts), heard(facts))),
      fc.array(instants, { minLength: 30, maxLength: 30 }),
      ([facts, told], looks) => {
        const events: ClockEvent[] = [];
        let recorded: readonly Clock[] = [];
        const nows = [...looks].sort((a, b) => a - b);
        const look = (known: readonly Fact[], now: Instant): void => {
          const outcome = reconcile(recorded, computeClocks({ facts: known, timeline: rules, now }));
          expect(
            reconcile(outcome.clocks, computeClocks({ facts: known, timeline: rules, now })).events.length === 0 ||
              known.length === 0,
          ).toBe(true);
          events.push(...outcome.events);
          recorded = outcome.clocks;
        };
        told.forEach((_fact, index) => look(told.slice(0, index + 1), nows[index] ?? END));
        look(told, END);
        const computed = computeClocks({ facts, timeline: rules, now: END });
        expect(replayDifferences(recorded, computed.clocks)).toEqual([]);
        expect(recorded.filter(({ state }) => state !== 'CANCELLED')).toEqual(
          computed.clocks.filter(({ state }) => state !== 'CANCELLED'),
        );
        expect(standing(events)).toEqual(
          computed.clocks
            .flatMap((clock) =>
              clock.breachedAt === undefined ? [] : [`${clock.target}/${clock.cycle}@${clock.breachedAt}`],
            )
            .sort(),
        );
        const due = dueBy(events);
        for (const clock of computed.clocks) {
          const isPending =
            clock.satisfiedAt === undefined && clock.cancelledAt === undefined && clock.state !== 'CANCELLED';
          expect(due.get(`${clock.target}/${clock.cycle}`)).toBe(isPending ? clock.dueAt : undefined);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('while facts are missing nothing is ever recorded that the missing fact could deny', () => {
  fc.assert(
    fc.property(tickets, instants, fc.nat(), (facts, now, pick) => {
      fc.pre(facts.length > 2);
      const gap = 1 + (pick % (facts.length - 2));
      const known = facts.filter((_fact, index) => index !== gap);
      const computed = computeClocks({ facts: known, timeline: rules, now });
      expect(computed.missingSequence).toBe(gap + 1);
      expect(reconcile([], computed).events).toEqual([]);
    }),
  );
});

test('an explanation has no holes, and what counts in it adds up to the due instant', () => {
  fc.assert(
    fc.property(tickets, instants, (facts, now) => {
      const history = { facts, timeline: rules, now };
      for (const { target, cycle } of computeClocks(history).clocks) {
        const explained = explainDeadline(history, target, cycle)!;
        const { clock, intervals } = explained;
        let reached = clock.startedAt;
        for (const interval of intervals) {
          expect(interval.from).toBe(reached);
          expect(interval.to).toBeGreaterThan(interval.from);
          reached = interval.to;
        }
        const byChange = clock.breachReason !== undefined || clock.breaches.length > 0;
        if (clock.dueAt !== undefined && clock.state !== 'CANCELLED' && !byChange) {
          expect(intervals.at(-1)?.cumulativeSeconds ?? 0).toBe(clock.targetSeconds);
          expect(reached).toBe(clock.dueAt);
        }
      }
    }),
  );
});

test('a calendar of another zone changes nothing of the above: all in one look', () => {
  const calcutta = calendar('office', weekdays('09:30', '18:15', 'Asia/Kolkata'));
  const other = timeline({ policies: policies.filter((entry) => entry.calendar === 'office'), calendars: [calcutta] });
  fc.assert(
    fc.property(
      tickets.chain((facts) => fc.tuple(fc.constant(facts), heard(facts))),
      instants,
      ([facts, told], now) => {
        const recorded = reconcile([], computeClocks({ facts, timeline: other, now }));
        expect(reconcile(recorded.clocks, computeClocks({ facts: told, timeline: other, now })).events).toEqual([]);
      },
    ),
  );
});

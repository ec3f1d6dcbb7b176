import fc from 'fast-check';
import type { Instant } from '../../src/domain/clock.js';
import type { Fact } from '../../src/domain/facts.js';
import { at, HOUR, line, timeline } from './fixtures.js';

/** Whatever can happen to a ticket, over three weeks in which the desk's rules change once. */
const TARGETS = (within: string) =>
  ({
    firstResponse: { within, warnBefore: ['PT20M'] },
    nextResponse: { within: 'PT2H' },
    periodicUpdate: { within: 'PT16H' },
    resolution: { within, warnBefore: ['PT30M'], warnAfter: ['PT10M'] },
  }) as const;
export const policies = [
  line('low', 'low', 'PT16H', {
    targets: { ...TARGETS('PT16H'), cutOff: { at: '16:00', businessDays: 'office', dueAt: '17:00' } },
  }),
  line('high', 'high', 'PT4H', { targets: TARGETS('PT4H'), calendar: 'always' }),
  line('top', 'top', 'PT1H', { targets: TARGETS('PT1H'), onChange: 'retroactive', onReopen: 'restart' }),
  { id: 'nothing', calendar: 'office', targets: {} },
];
export const rules = timeline(
  { policies },
  {
    policies,
    appliedAt: at('2026-05-20 12:00'),
    version: 2,
    sla: { pauseIn: ['pending', 'waiting'] },
  },
);
export const START = at('2026-05-18 08:00');
export const END = START + 21 * 24 * HOUR;

type Step = Readonly<{ after: number; act: (sequence: number, at: Instant) => Fact }>;

const says = fc.constantFrom('customer_message' as const, 'agent_reply' as const, 'other' as const);
const statuses = fc.constantFrom(
  ['new', 'NEW'] as const,
  ['open', 'OPEN'] as const,
  ['pending', 'PENDING'] as const,
  ['waiting', 'PENDING'] as const,
  ['solved', 'SOLVED'] as const,
  ['closed', 'CLOSED'] as const,
);
export const priorities = fc.constantFrom('low', 'high', 'top', 'none');
const acts: fc.Arbitrary<Step['act']> = fc.oneof(
  says.map((kind) => (sequence: number, at: Instant): Fact => ({ kind, sequence, at })),
  fc.tuple(statuses, fc.boolean()).map(([[to, toKind], byUs]) => (sequence: number, at: Instant): Fact => ({
    kind: 'status_changed',
    sequence,
    at,
    to,
    toKind,
    byUs,
  })),
  priorities.map((to) => (sequence: number, at: Instant): Fact => ({
    kind: 'class_changed',
    sequence,
    at,
    dimension: 'priority',
    to,
  })),
);
export const delays = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 3 * HOUR }),
  fc.integer({ min: 0, max: 40 * HOUR }),
);
export const tickets: fc.Arbitrary<Fact[]> = fc
  .tuple(priorities, fc.array(fc.record({ after: delays, act: acts }), { maxLength: 12 }))
  .map(([priority, steps]) => {
    let when = START;
    const opened: Fact = {
      kind: 'opened',
      sequence: 1,
      at: when,
      traits: { priority },
      status: 'new',
      statusKind: 'NEW',
    };
    return [
      opened,
      ...steps.map(({ after, act }, index) => {
        when += after;
        return act(index + 2, when);
      }),
    ];
  });
export const instants = fc.integer({ min: START, max: END });

/** Who knows what when: each fact is heard of somewhere in the order, perhaps twice. */
export function heard(facts: readonly Fact[]): fc.Arbitrary<Fact[]> {
  return fc
    .tuple(fc.shuffledSubarray([...facts], { minLength: facts.length }), fc.subarray([...facts]))
    .map(([once, again]) => [...once, ...again]);
}

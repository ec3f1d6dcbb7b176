import type { PolicyLine, Targets } from '#kernel/desk/timing.js';
import { checkPolicies, type PolicyDesk } from './check-policies.js';

const label = { en: 'x' };
const OFFERED = { label, offered: true, purpose: label, responseTime: label, where: '/' };

function desk(policies: readonly PolicyLine[]): PolicyDesk {
  return {
    sla: { pauseIn: [], onChange: 'carry_over', onReopen: 'resume', policies },
    packages: [],
    ticketTypes: [
      { id: 'request', label, priority: 'none', identity: 'verified' },
      { id: 'problem', label, priority: 'required', identity: 'verified' },
    ],
    departments: [],
    priorities: ['low', 'high'].map((id, index) => ({ id, label, rank: 2 - index, raisableBy: [] })),
    priorityPolicy: { correctableBy: [] },
    channels: [
      { id: 'form', ...OFFERED },
      { id: 'email', ...OFFERED },
      { id: 'phone', ...OFFERED, offered: false },
    ],
    lanes: [{ id: 'normal', label, rank: 1 }],
  };
}

const lineOf = (id: string, match: PolicyLine['match'], targets: Targets = {}): PolicyLine => ({
  id,
  calendar: 'office',
  match: match ?? {},
  targets,
});

test('a desk whose lines cover everything has no findings', () => {
  expect(checkPolicies(desk([lineOf('all', undefined)]))).toEqual({ unreachableLines: [], uncovered: [] });
});

test('lines that an earlier one always hides', () => {
  const policies = [
    lineOf('problems', { types: ['problem'] }),
    lineOf('high', { priorities: ['high'] }),
    lineOf('requests', { types: ['request'] }),
    lineOf('rest', undefined),
    lineOf('by_phone', { channels: ['phone'] }),
  ];
  // Only problems have priorities, requests are all that is left, and the desk offers no phone.
  expect(checkPolicies(desk(policies)).unreachableLines).toEqual(['high', 'rest', 'by_phone']);
});

test('combinations without a line have no target at all', () => {
  const { uncovered } = checkPolicies(desk([lineOf('high_by_form', { priorities: ['high'], channels: ['form'] })]));
  const all = ['first_response', 'next_response', 'periodic_update', 'resolution', 'cut_off'];
  expect(uncovered).toEqual([
    { traits: { channel: 'form' }, targets: all },
    { traits: { channel: 'email' }, targets: all },
    { traits: { priority: 'low', channel: 'form' }, targets: all },
    { traits: { priority: 'low', channel: 'email' }, targets: all },
    { traits: { priority: 'high', channel: 'email' }, targets: all },
  ]);
});

test('a target that other lines state and a line says nothing about is missing; NONE is a stated value', () => {
  const policies = [
    lineOf('problems', { types: ['problem'] }, { firstResponse: { within: 'PT1H' }, resolution: 'NONE' }),
    lineOf('requests', { types: ['request'] }, { firstResponse: { within: 'PT1H' } }),
  ];
  expect(checkPolicies(desk(policies)).uncovered).toEqual([{ traits: { type: 'request' }, targets: ['resolution'] }]);
});

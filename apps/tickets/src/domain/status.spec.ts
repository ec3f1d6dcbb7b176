import type { DeskDocument } from '#kernel/desk/document.js';
import { aTicket, after, alex, desk, DESKS, kim, MONDAY, refused } from '../../test/domain/fixtures.js';
import { claim } from './claim.js';
import { lifecycleStep } from './lifecycle.js';
import { reply } from './reply.js';
import { allowedMoves, moveByHand, moveTo, personOf } from './status.js';
import { type Ticket, unchanged } from './ticket.js';

/** Written out here once more: a slip in a desk file is to fail. */
const MOVES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  fleet: {
    open: ['pending', 'on_hold', 'solved'],
    pending: ['open', 'on_hold', 'solved'],
    on_hold: ['open', 'pending', 'solved'],
    solved: ['open'],
  },
  officehours: {
    new: ['in_progress', 'waiting', 'resolved'],
    in_progress: ['waiting', 'resolved'],
    waiting: ['in_progress', 'resolved'],
    resolved: ['in_progress'],
  },
  webshop: {
    open: ['waiting', 'parked', 'answered'],
    waiting: ['open', 'answered'],
    parked: ['open', 'answered'],
    answered: ['open'],
  },
  hosting: {
    open: ['answered', 'in_progress', 'closed'],
    answered: ['open', 'in_progress', 'closed'],
    in_progress: ['open', 'answered', 'closed'],
    closed: ['open'],
  },
  packages: { open: ['awaiting_reply', 'solved'], awaiting_reply: ['open', 'solved'], solved: [] },
};

const byHand = (document: DeskDocument, ticket: Ticket, to: string) =>
  moveByHand(document, unchanged(ticket), { to, cause: 'agent', actor: personOf(alex) }, after(1000));

const pairs = DESKS.flatMap((id) =>
  desk(id).statuses.flatMap((from) => desk(id).statuses.map((to) => ({ id, from: from.id, to: to.id }))),
);

describe('moves by hand (FLT-10, SHP-9, PKG-15)', () => {
  it.each(DESKS)('%s has exactly its statuses in the table', (id) => {
    expect(Object.keys(MOVES[id]!).sort()).toEqual(desk(id).statuses.map((status) => status.id).sort());
  });

  it.each(pairs.filter(({ id, from, to }) => MOVES[id]![from]!.includes(to)))('$id: $from → $to is made', ({ id, from, to }) => {
    const before = aTicket(desk(id), { status: from });
    const { ticket, events } = byHand(desk(id), before, to);
    expect(ticket).toMatchObject({ status: to, sequence: 2, updatedAt: after(1000) });
    expect(ticket.statusKind).toBe(desk(id).statuses.find((status) => status.id === to)!.kind);
    expect(events.map(({ change }) => change)).toEqual([
      expect.objectContaining({ kind: 'status_changed', from, to, fromKind: before.statusKind, toKind: ticket.statusKind }),
    ]);
  });

  it.each(pairs.filter(({ id, from, to }) => from !== to && !MOVES[id]![from]!.includes(to)))(
    '$id: $from → $to is refused, naming both states',
    ({ id, from, to }) => {
      const error = refused(() => byHand(desk(id), aTicket(desk(id), { status: from }), to));
      expect(error).toMatchObject({
        kind: 'STATE',
        reason: 'ILLEGAL_TRANSITION',
        metadata: { current: from, allowed: MOVES[id]![from]!.join(',') },
      });
    },
  );

  it.each(pairs.filter(({ from, to }) => from === to))('$id: $from → $from changes nothing', ({ id, from }) => {
    const ticket = aTicket(desk(id), { status: from });
    expect(byHand(desk(id), ticket, from)).toEqual({ ticket, events: [] });
  });

  it('refuses a status that the desk does not have', () => {
    expect(refused(() => byHand(desk('fleet'), aTicket(desk('fleet')), 'closed')).violations).toEqual([
      { field: 'status', description: 'closed is not a status of this desk: open, pending, on_hold, solved' },
    ]);
  });

  it.each(['our_systems', 'US', ''])('OFC-8: the cause %j is refused, since an unknown one is charged for', (fault) => {
    const document = desk('officehours');
    const move = { to: 'resolved', cause: 'agent' as const, fault };
    const error = refused(() => moveByHand(document, unchanged(aTicket(document)), move, MONDAY));
    expect(error.violations.map((violation) => violation.field)).toEqual(['fault']);
  });

  it('OFC-8: the cause goes with the resolution', () => {
    const document = desk('officehours');
    const move = { to: 'resolved', cause: 'agent' as const, fault: 'OUR_SYSTEMS' };
    const { events } = moveByHand(document, unchanged(aTicket(document)), move, MONDAY);
    expect(events[0]!.change).toMatchObject({ fault: 'OUR_SYSTEMS', to: 'resolved' });
  });
});

describe('every status', () => {
  it.each(DESKS)('of %s can be reached from the first, by what people and timers do', (id) => {
    const document = desk(id);
    const reached = new Map([[aTicket(document).status, aTicket(document)]]);
    for (const ticket of reached.values()) {
      const ways = [
        claim(document, ticket, alex, MONDAY),
        reply(document, ticket, alex, { body: 'ours', internal: false }, 'm', MONDAY),
        reply(document, ticket, kim, { body: 'theirs', internal: false }, 'm', MONDAY),
        ...allowedMoves(document, ticket).map((to) => byHand(document, ticket, to)),
        ...document.lifecycle.flatMap((rule) =>
          rule.steps.map((_, step) =>
            lifecycleStep(document, ticket, { ruleId: rule.id, step, anchorSequence: 99, dueAt: MONDAY }, MONDAY),
          ),
        ),
      ];
      for (const { ticket: next } of ways) if (!reached.has(next.status)) reached.set(next.status, next);
    }
    expect([...reached.keys()].sort()).toEqual(document.statuses.map((status) => status.id).sort());
  });
});

describe('the solved instant', () => {
  const document = desk('fleet');
  it('is the first at which the ticket was over, and gone when it is reopened', () => {
    const solved = moveTo(document, unchanged(aTicket(document)), { to: 'solved', cause: 'agent' }, after(1000));
    expect(solved.ticket.solvedAt).toEqual(after(1000));
    const open = moveTo(document, solved, { to: 'open', cause: 'customer_reply' }, after(2000));
    expect(open.ticket.solvedAt).toBeUndefined();
    expect(open.events.map((event) => event.sequence)).toEqual([2, 3]);
  });

  it('OFC-9: an agent who claims a new ticket starts on it; elsewhere the status stays', () => {
    const started = claim(desk('officehours'), aTicket(desk('officehours')), alex, MONDAY);
    expect(started.events.map(({ change }) => change.kind)).toEqual(['assigned', 'status_changed']);
    expect(started.ticket).toMatchObject({ status: 'in_progress', assignee: personOf(alex) });
    const taken = claim(document, aTicket(document), alex, MONDAY);
    expect(taken.events.map(({ change }) => change.kind)).toEqual(['assigned']);
    expect(taken.ticket.status).toBe('open');
  });
});

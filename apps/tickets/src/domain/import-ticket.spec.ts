import fc from 'fast-check';
import { after, desk, HOUR, MONDAY } from '../../test/domain/fixtures.js';
import { type ImportedEntry, type ImportedTicket, importFaults, importTicket } from './import-ticket.js';

const packages = desk('packages');

function imported(parts: Partial<ImportedTicket> = {}): ImportedTicket {
  return {
    externalReference: 'OLD-1',
    subject: 'Search is slow',
    description: 'Since last week.',
    type: 'problem',
    priority: 'high',
    requester: { name: 'Kim', email: 'kim@example.com' },
    openedAt: MONDAY,
    history: [],
    ...parts,
  };
}

function take(input: ImportedTicket) {
  let count = 0;
  return importTicket(packages, input, { ticketId: 't', number: '1', newId: () => `m${(count += 1)}` });
}

const wrote = (authorKind: 'customer' | 'agent', body: string, internal = false) => ({ authorKind, authorName: 'Bo', body, internal });

const entries: fc.Arbitrary<ImportedEntry[]> = fc
  .array(
    fc.record({
      gap: fc.constantFrom(0, 0, 1000, HOUR),
      entry: fc.oneof(
        fc.constantFrom(...packages.statuses.map(({ id }) => ({ status: id }))),
        fc.constantFrom(...packages.priorities.map(({ id }) => ({ priority: id }))),
        fc.record({
          message: fc.record({
            authorKind: fc.constantFrom('customer' as const, 'agent' as const),
            authorName: fc.constant('Bo'),
            body: fc.string({ minLength: 1 }),
            internal: fc.boolean(),
          }),
        }),
      ),
    }),
    { maxLength: 20 },
  )
  .map((list) => {
    let at = 0;
    return list.map(({ gap, entry }) => ({ occurredAt: after((at += gap)), ...entry }));
  });

describe('a ticket from another system', () => {
  it('has an event for each step, gap-free and in order of time, and ends as its history does', () => {
    fc.assert(
      fc.property(entries, (history) => {
        expect(importFaults(packages, imported({ history }), after(30 * 24 * HOUR))).toEqual([]);
        const { ticket, events, messages } = take(imported({ history }));
        expect(events.map((event) => event.sequence)).toEqual(events.map((_, i) => i + 1));
        expect(events[0]!.change).toEqual({
            kind: 'opened',
            description: 'Since last week.',
            historySequence: events.length,
          });
        const times = events.map((event) => event.occurredAt.getTime());
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(ticket.sequence).toBe(events.length);
        expect(ticket.status).toBe(history.findLast((entry) => entry.status)?.status ?? 'open');
        expect(ticket.priority).toBe(history.findLast((entry) => entry.priority)?.priority ?? 'high');
        const bodies = history.flatMap((entry) => (entry.message ? [entry.message.body] : []));
        expect(messages.map((message) => message.body)).toEqual(['Since last week.', ...bodies]);
        expect(new Set(messages.map((message) => message.id)).size).toBe(messages.length);
        expect(ticket.solvedAt === undefined).toBe(ticket.statusKind !== 'SOLVED');
      }),
      { numRuns: 200 },
    );
  });

  it('keeps what happened at one instant in the given order', () => {
    const at = after(HOUR);
    const history = [
      { occurredAt: at, message: wrote('customer', 'first') },
      { occurredAt: at, status: 'solved' },
      { occurredAt: at, message: wrote('agent', 'second', true) },
      { occurredAt: at, status: 'open' },
    ];
    const { ticket, events, messages } = take(imported({ history }));
    expect(events.map(({ change }) => change.kind)).toEqual(
      ['opened', 'message_added', 'status_changed', 'message_added', 'status_changed'],
    );
    expect(ticket).toMatchObject({ sequence: 5, lastCustomerSequence: 2, status: 'open' });
    expect(ticket).toMatchObject({ openedAt: MONDAY, updatedAt: at, imported: true });
    expect(messages.map(({ author, internal }) => [author.name, internal])).toEqual([['Kim', false], ['Kim', false], ['Bo', true]]);
  });

  it('a step to where the ticket is already is no event', () => {
    const history = [{ occurredAt: after(1), status: 'open' }, { occurredAt: after(2), priority: 'high' }];
    expect(take(imported({ history })).events).toHaveLength(1);
  });
});

describe('what is wrong with an import', () => {
  const now = after(2 * HOUR);
  it('is named all at once', () => {
    const history = [
      { occurredAt: after(HOUR), status: 'parked' },
      { occurredAt: after(HOUR - 1), priority: 'urgent' },
      { occurredAt: after(3 * HOUR), message: wrote('agent', 'later') },
    ];
    const input = imported({ externalReference: '', subject: ' ', type: 'x', department: 'y', priority: 'z', history });
    expect(importFaults(packages, input, now).map((fault) => fault.field)).toEqual([
      'external_reference',
      'subject',
      'type',
      'department',
      'priority',
      'history[0].status',
      'history[1].priority',
      'history[1].occurred_at',
      'history[2].occurred_at',
    ]);
  });

  it.each([
    ['opened this instant', imported({ openedAt: now }), []],
    ['opened in the future', imported({ openedAt: after(1, now) }), ['opened_at']],
    ['a step before the opening', imported({ history: [{ occurredAt: after(-1), status: 'solved' }] }), ['history[0].occurred_at']],
    ['a step at the opening', imported({ history: [{ occurredAt: MONDAY, status: 'solved' }] }), []],
  ])('%s', (_what, input, fields) => {
    expect(importFaults(packages, input, now).map((fault) => fault.field)).toEqual(fields);
  });

  it('is not what our own rules would refuse: it has passed the old system’s', () => {
    const history = [{ occurredAt: after(1), status: 'solved' }, { occurredAt: after(2), status: 'awaiting_reply' }];
    const input = imported({ type: 'service_request', priority: 'high', channel: 'email', history });
    expect(importFaults(packages, input, now)).toEqual([]);
    expect(take(input).ticket).toMatchObject({ priority: 'high', channel: 'email', status: 'awaiting_reply' });
  });
});

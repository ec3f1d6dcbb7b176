import fc from 'fast-check';
import type { DeskDocument } from '#kernel/desk/document.js';
import type { QueueKey } from '#kernel/desk/ticketing.js';
import { aTicket, alex, desk, DESKS, MONDAY } from '../../test/domain/fixtures.js';
import { isWaiting, queueKey, queueKeyBounds, rankParts } from './queue-order.js';
import { personOf } from './status.js';
import type { Ticket } from './ticket.js';

/** Few values, so that ties are common, and a few that are far apart. */
const instants = fc.oneof(
  fc.integer({ min: 0, max: 3 }).map((seconds) => new Date(MONDAY.getTime() + seconds * 1000)),
  fc.date({ min: new Date('1990-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true }),
);

function tickets(document: DeskDocument): fc.Arbitrary<Ticket> {
  return fc
    .record({
      id: fc.uuid({ version: 7 }),
      lane: fc.constantFrom(...document.lanes.map((lane) => lane.id)),
      priority: fc.constantFrom(undefined, ...document.priorities.map((priority) => priority.id)),
      dueAt: fc.option(instants, { nil: undefined }),
      openedAt: instants,
      score: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
    })
    .map(({ score, ...parts }) =>
      aTicket(document, { ...parts, fields: score === undefined ? {} : { assessment_score: String(score) } }),
    );
}

/** The desk file's words, one key after the other: the plain definition that the sortable text has to agree with. */
function compare(document: DeskDocument, a: Ticket, b: Ticket): number {
  const last = Number.MAX_SAFE_INTEGER;
  const rank = (list: readonly { id: string; rank: number }[], id?: string) => list.find((e) => e.id === id)?.rank ?? last;
  const place: Record<QueueKey, (ticket: Ticket) => number> = {
    lane: (ticket) => rank(document.lanes, ticket.lane),
    priority: (ticket) => rank(document.priorities, ticket.priority),
    score: (ticket) => -Number(ticket.fields['assessment_score'] ?? 0),
    due: (ticket) => ticket.dueAt?.getTime() ?? last,
    opened: (ticket) => ticket.openedAt.getTime(),
  };
  for (const key of document.queue.order) {
    const difference = place[key](a) - place[key](b);
    if (difference !== 0) return Math.sign(difference);
  }
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

function byText(document: DeskDocument, a: Ticket, b: Ticket): number {
  const [left, right] = [queueKey(document, a) + a.id, queueKey(document, b) + b.id];
  return left < right ? -1 : Number(left > right);
}

const first = (id: string, a: Partial<Ticket>, b: Partial<Ticket>): boolean =>
  byText(desk(id), aTicket(desk(id), a), aTicket(desk(id), b)) < 0;

describe('the queue’s order as text', () => {
  it.each(DESKS)('%s: is the desk’s keys one by one, ties by id', (id) => {
    const document = desk(id);
    fc.assert(
      fc.property(tickets(document), tickets(document), (a, b) => {
        expect(byText(document, a, b)).toBe(compare(document, a, b));
      }),
      { numRuns: 500 },
    );
  });

  it.each(DESKS)('%s: all keys are of one length, and prefixes line up part by part', (id) => {
    const document = desk(id);
    fc.assert(
      fc.property(tickets(document), (ticket) => {
        const bounds = queueKeyBounds(rankParts(document, ticket));
        const width = queueKey(document, aTicket(document)).length / document.queue.order.length;
        expect(bounds.map((bound) => bound.length)).toEqual(document.queue.order.map((_, i) => (i + 1) * width));
        expect(bounds.at(-1)).toBe(queueKey(document, ticket));
      }),
      { numRuns: 100 },
    );
  });
});

describe('who stands first', () => {
  const early = new Date('2026-05-18T06:00:00Z');
  const late = new Date('2026-05-18T10:00:00Z');

  it.each([
    ['SHP-3: a paid ticket, though it came later', 'webshop', { lane: 'priority', openedAt: late }, { openedAt: early }],
    ['SHP-7: any other than an abuser’s, though it came later', 'webshop', { openedAt: late }, { lane: 'fair_use', openedAt: early }],
    ['HST-3: High, though it came later', 'hosting', { priority: 'high', openedAt: late }, { priority: 'normal', openedAt: early }],
    ['FLT-2: urgent, though it is due later', 'fleet', { priority: 'urgent', dueAt: late }, { priority: 'normal', dueAt: early }],
    ['OFC-8: the called-back one', 'officehours', { lane: 'escalated' }, { fields: { assessment_score: '100' } }],
    ['OFC-2: the higher score', 'officehours', { fields: { assessment_score: '70' } }, { fields: { assessment_score: '9' } }],
    ['a due instant before none', 'packages', { dueAt: late, openedAt: late }, { openedAt: early }],
    ['a priority before none', 'fleet', { priority: 'normal' }, {}],
    ['the older of two alike', 'webshop', { openedAt: early }, { openedAt: late }],
  ] as const)('%s', (_rule, id, a, b) => {
    expect(first(id, a, b)).toBe(true);
    expect(first(id, b, a)).toBe(false);
  });

  it.each(DESKS)('%s: every key is explained with the ticket’s own value', (id) => {
    expect(rankParts(desk(id), aTicket(desk(id))).map((part) => part.key)).toEqual(desk(id).queue.order);
  });
});

describe('a ticket waits', () => {
  it.each(DESKS)('%s: in its NEW and OPEN statuses, while nobody has it', (id) => {
    const waiting = desk(id).statuses.filter((status) => isWaiting(aTicket(desk(id), { status: status.id })));
    expect(waiting.map((status) => status.kind).filter((kind) => kind !== 'NEW')).toEqual(['OPEN']);
    expect(isWaiting(aTicket(desk(id), { assignee: personOf(alex) }))).toBe(false);
  });
});

import { STATUS_KINDS, type StatusKind } from '#kernel/desk/ticketing.js';
import type { Dimension } from '../domain/ticket.js';
import { aTicket, alex, desk, kim, MONDAY } from '../../test/domain/fixtures.js';
import { claim } from '../domain/claim.js';
import { reply } from '../domain/reply.js';
import { changeClass } from '../domain/reclassify.js';
import { moveTo } from '../domain/status.js';
import { unchanged } from '../domain/ticket.js';
import { eventType } from './ticket-events.js';

const OVER: readonly StatusKind[] = ['SOLVED', 'CLOSED'];

/** What the move from one kind to another is called. */
function nameOf(from: StatusKind, to: StatusKind): string {
  if (OVER.includes(from) === OVER.includes(to)) return 'ticket.status_changed';
  return OVER.includes(to) ? 'ticket.resolved' : 'ticket.reopened';
}

const moves = STATUS_KINDS.flatMap((from) => STATUS_KINDS.map((to) => ({ from, to, type: nameOf(from, to) })));

describe('the type of an event', () => {
  it.each(moves)('$from → $to is $type', ({ from, to, type }) => {
    const change = { kind: 'status_changed' as const, from: 'a', fromKind: from, to: 'b', toKind: to, cause: 'agent' as const };
    expect(eventType(change)).toBe(type);
  });

  it.each(['priority', 'lane', 'package', 'type', 'department'] as const)('a changed %s is its own', (dimension: Dimension) => {
    const { events } = changeClass(unchanged(aTicket(desk('fleet'))), dimension, 'x', { reason: 'r' }, MONDAY);
    expect(events.map(({ change }) => eventType(change))).toEqual([`ticket.${dimension}_changed`]);
  });

  it('a ticket’s life in events', () => {
    const officehours = desk('officehours');
    const started = claim(officehours, aTicket(officehours), alex, MONDAY);
    const asked = reply(officehours, started.ticket, alex, { body: 'Which browser?', internal: false, status: 'waiting' }, 'm1', MONDAY);
    const solved = moveTo(officehours, unchanged(asked.ticket), { to: 'resolved', cause: 'agent' }, MONDAY);
    const again = reply(officehours, solved.ticket, kim, { body: 'Not yet', internal: false }, 'm2', MONDAY);
    const events = [started, asked, solved, again].flatMap((changed) => changed.events);
    expect(events.map(({ change }) => eventType(change))).toEqual([
      'ticket.assigned',
      'ticket.status_changed',
      'ticket.message_added',
      'ticket.status_changed',
      'ticket.resolved',
      'ticket.message_added',
      'ticket.reopened',
    ]);
    expect(events.map((event) => event.sequence)).toEqual([2, 3, 4, 5, 6, 7, 8]);
  });
});

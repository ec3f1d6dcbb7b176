import { aTicket, after, alex, DAY, desk, HOUR, kim } from '../../test/domain/fixtures.js';
import { lifecycleStep } from './lifecycle.js';
import { reply } from './reply.js';
import type { Ticket } from './ticket.js';

const fleet = desk('fleet');
const packages = desk('packages');
const DUE = after(72 * HOUR);

/** Pending since our reply, which was the ticket's third event and armed the timer. */
const pending = (parts: Partial<Ticket> = {}) => aTicket(fleet, { status: 'pending', sequence: 4, ...parts });
const due = { ruleId: 'solve_when_silent', step: 0, anchorSequence: 3, dueAt: DUE };

describe('FLT-11: pending is solved 72 h after our last reply', () => {
  it('at the due instant, however late it is carried out', () => {
    const { ticket, events } = lifecycleStep(fleet, pending(), due, after(60_000, DUE));
    expect(ticket).toMatchObject({ status: 'solved', solvedAt: DUE, updatedAt: DUE, sequence: 5 });
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      occurredAt: DUE,
      change: { cause: 'lifecycle', lifecycleRule: 'solve_when_silent', from: 'pending', to: 'solved' },
    });
    expect(events[0]!.change).not.toHaveProperty('actor');
  });

  it('a customer’s reply that came first wins, even at exactly the due instant', () => {
    const answered = reply(fleet, pending(), kim, { body: 'Still broken', internal: false }, 'm', DUE).ticket;
    // An agent puts it back to pending; the timer that ran out is of before.
    const back = { ...answered, status: 'pending', statusKind: 'PENDING' as const };
    for (const ticket of [answered, back]) expect(lifecycleStep(fleet, ticket, due, DUE)).toEqual({ ticket, events: [] });
  });

  it('a timer armed after the customer’s last reply holds', () => {
    const ticket = pending({ sequence: 7, lastCustomerSequence: 5 });
    expect(lifecycleStep(fleet, ticket, { ...due, anchorSequence: 6 }, DUE).ticket.status).toBe('solved');
    expect(lifecycleStep(fleet, ticket, { ...due, anchorSequence: 4 }, DUE).events).toEqual([]);
  });

  it('a further reply of ours restarts the 72 h: the timer of before holds no more', () => {
    const again = reply(fleet, pending(), alex, { body: 'Any news?', internal: false }, 'm', after(-HOUR, DUE)).ticket;
    const still = { ...again, status: 'pending', statusKind: 'PENDING' as const };
    expect(lifecycleStep(fleet, still, due, DUE).events).toEqual([]);
    const later = { ...due, anchorSequence: still.lastAgentReplySequence };
    expect(lifecycleStep(fleet, still, later, DUE).ticket.status).toBe('solved');
  });

  it('a note of ours does not stop it', () => {
    const noted = reply(fleet, pending(), alex, { body: 'hm', internal: true }, 'm', DUE).ticket;
    expect(lifecycleStep(fleet, noted, due, after(5000, DUE)).ticket).toMatchObject({ status: 'solved', solvedAt: DUE });
  });

  it('never moves a ticket into its own past', () => {
    const noted = reply(fleet, pending(), alex, { body: 'hm', internal: true }, 'm', after(2000, DUE)).ticket;
    const { ticket } = lifecycleStep(fleet, noted, due, after(5000, DUE));
    expect(ticket.solvedAt).toEqual(after(5000, DUE));
  });

  it.each(['open', 'on_hold', 'solved'])('nothing happens in %s', (status) => {
    const ticket = pending({ status, statusKind: fleet.statuses.find((s) => s.id === status)!.kind });
    expect(lifecycleStep(fleet, ticket, due, DUE)).toEqual({ ticket, events: [] });
  });

  it.each([{ ruleId: 'gone' }, { step: 1 }])('nothing happens when the desk no longer has the rule or the step: %j', (parts) => {
    expect(lifecycleStep(fleet, pending(), { ...due, ...parts }, DUE).events).toEqual([]);
  });
});

const waiting = (type: string) => aTicket(packages, { type, status: 'awaiting_reply', sequence: 3 });
const step = (ruleId: string, index: number, days: number) => ({ ruleId, step: index, anchorSequence: 2, dueAt: after(days * DAY) });

describe('PKG-17', () => {
  it('a service request is solved after 30 days, a problem is only asked', () => {
    const now = after(30 * DAY);
    const request = lifecycleStep(packages, waiting('service_request'), step('close_service_request', 0, 30), now);
    expect(request.ticket).toMatchObject({ status: 'solved', solvedAt: now });
    expect(lifecycleStep(packages, waiting('problem'), step('ask_about_problem', 0, 30), now).events).toEqual([]);
  });

  it('a problem is solved 5 days after it was asked', () => {
    const { ticket } = lifecycleStep(packages, waiting('problem'), step('ask_about_problem', 1, 35), after(36 * DAY));
    expect(ticket).toMatchObject({ status: 'solved', solvedAt: after(35 * DAY) });
  });

  it('a rule holds for its own type only', () => {
    const now = after(35 * DAY);
    expect(lifecycleStep(packages, waiting('problem'), step('close_service_request', 0, 30), now).events).toEqual([]);
    expect(lifecycleStep(packages, waiting('service_request'), step('ask_about_problem', 1, 35), now).events).toEqual([]);
  });
});

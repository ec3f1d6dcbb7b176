import { aTicket, after, alex, DAY, desk, DESKS, faultsOf, kim, MONDAY, refused } from '../../test/domain/fixtures.js';
import { MAX_BODY, reply } from './reply.js';

const say = (body: string, parts: object = {}) => ({ body, internal: false, ...parts });

/** The last status of each desk's table: solved, resolved, answered, closed. */
const solvedOf = (id: string) => desk(id).statuses.find((status) => status.kind === 'SOLVED')!.id;

const solved = (id: string) => aTicket(desk(id), { status: solvedOf(id), solvedAt: MONDAY, sequence: 5 });

describe('a customer’s reply to a solved ticket', () => {
  const periods = [
    { id: 'packages', rule: 'PKG-16', days: 14 },
    { id: 'webshop', rule: 'SHP', days: 14 },
    { id: 'officehours', rule: 'OFC', days: 30 },
    { id: 'hosting', rule: 'HST', days: 30 },
  ];

  it.each(periods)('$rule: $id reopens at exactly $days days', ({ id, days }) => {
    const { ticket, events } = reply(desk(id), solved(id), kim, say('Back again'), 'm', after(days * DAY));
    expect(ticket).toMatchObject({ status: desk(id).reopen.to, sequence: 7, lastCustomerSequence: 6 });
    expect(ticket.solvedAt).toBeUndefined();
    expect(events.map((event) => event.change.kind)).toEqual(['message_added', 'status_changed']);
    expect(events[1]!.change).toMatchObject({ cause: 'customer_reply', fromKind: 'SOLVED' });
  });

  it.each(periods)('$rule: $id refuses it a millisecond later and hands the text back', ({ id, days }) => {
    const error = refused(() => reply(desk(id), solved(id), kim, say('Me too'), 'm', after(days * DAY + 1)));
    expect(error).toMatchObject({ kind: 'STATE', reason: 'REOPEN_PERIOD_OVER', metadata: { body: 'Me too' } });
  });

  it('PKG-16: a day has 24 hours, whatever the clocks do', () => {
    const march = new Date('2026-03-20T08:00:00Z'); // nine days before summer time
    const ticket = { ...solved('packages'), solvedAt: march };
    expect(reply(desk('packages'), ticket, kim, say('hi'), 'm', after(14 * DAY, march)).ticket.status).toBe('open');
    expect(refused(() => reply(desk('packages'), ticket, kim, say('hi'), 'm', after(14 * DAY + 1, march))).kind).toBe('STATE');
  });

  it('FLT-12: fleet reopens however late', () => {
    const { ticket } = reply(desk('fleet'), solved('fleet'), kim, say('Again'), 'm', after(2000 * DAY));
    expect(ticket.status).toBe('open');
  });
});

describe('a reply moves the ticket as its desk says', () => {
  const cases = [
    ['fleet', 'FLT-10', 'pending', kim, 'open'],
    ['fleet', 'FLT-11', 'on_hold', kim, 'on_hold'],
    ['fleet', 'FLT-10', 'open', alex, 'open'],
    ['officehours', 'OFC-9', 'new', alex, 'in_progress'],
    ['officehours', 'OFC-10', 'waiting', kim, 'in_progress'],
    ['webshop', 'SHP-9', 'parked', kim, 'parked'],
    ['webshop', 'SHP', 'waiting', kim, 'open'],
    ['hosting', 'HST', 'open', alex, 'answered'],
    ['hosting', 'HST', 'answered', kim, 'open'],
    ['packages', 'PKG-15', 'open', alex, 'awaiting_reply'],
    ['packages', 'PKG-15', 'awaiting_reply', kim, 'open'],
    ['packages', 'PKG-15', 'open', kim, 'open'],
  ] as const;

  it.each(cases)('%s %s: from %s', (id, _rule, from, author, to) => {
    const { ticket, events, message } = reply(desk(id), aTicket(desk(id), { status: from }), author, say('hello'), 'm', MONDAY);
    expect(ticket.status).toBe(to);
    expect(events.map((event) => event.sequence)).toEqual(from === to ? [2] : [2, 3]);
    expect(message).toMatchObject({ body: 'hello', authorKind: author === kim ? 'customer' : 'agent', sentAt: MONDAY });
    expect(ticket.lastCustomerSequence).toBe(author === kim ? 2 : 1);
  });

  it.each(DESKS)('an internal note on %s moves nothing and counts as nobody’s reply', (id) => {
    const before = aTicket(desk(id));
    const { ticket, events } = reply(desk(id), before, alex, say('theme?', { internal: true }), 'm', MONDAY);
    expect(events.map(({ change }) => change.kind)).toEqual(['message_added']);
    expect(ticket).toMatchObject({ status: before.status, lastCustomerSequence: 1 });
  });

  it('OFC-12: a resolution in the agent’s own words says that the customer was told', () => {
    const ticket = aTicket(desk('officehours'));
    const told = reply(desk('officehours'), ticket, alex, say('Fixed.', { status: 'resolved', fault: 'CUSTOMER' }), 'm', MONDAY);
    expect(told.events.at(-1)!.change).toMatchObject({ to: 'resolved', customerTold: true, fault: 'CUSTOMER' });
    const note = say('Fixed.', { status: 'resolved', internal: true });
    expect(reply(desk('officehours'), ticket, alex, note, 'm', MONDAY).events.at(-1)!.change).toMatchObject({ customerTold: false });
  });

  it('refuses a status that the table does not allow, and writes nothing', () => {
    const error = refused(() => reply(desk('packages'), solved('packages'), alex, say('x', { status: 'open' }), 'm', MONDAY));
    expect(error).toMatchObject({ reason: 'ILLEGAL_TRANSITION', metadata: { current: 'solved', allowed: '' } });
  });
});

describe('what a reply may hold', () => {
  const ticket = aTicket(desk('fleet'));
  const attempt = (caller: typeof kim, input: Parameters<typeof reply>[3]) => () =>
    reply(desk('fleet'), ticket, caller, input, 'm', MONDAY);

  it('names every fault of a customer’s at once', () => {
    const input = { body: ' \n', internal: true, status: 'solved', fault: 'CUSTOMER' };
    expect(faultsOf(attempt(kim, input))).toEqual(['body', 'fault', 'internal', 'status']);
  });

  it('names every fault of an agent’s at once', () => {
    expect(faultsOf(attempt(alex, { body: '', internal: true, fault: 'ours' }))).toEqual(['body', 'fault']);
  });

  it(`takes ${MAX_BODY} characters and no more`, () => {
    expect(attempt(kim, say('x'.repeat(MAX_BODY)))().message.body).toHaveLength(MAX_BODY);
    expect(faultsOf(attempt(kim, say('x'.repeat(MAX_BODY + 1))))).toEqual(['body']);
  });
});

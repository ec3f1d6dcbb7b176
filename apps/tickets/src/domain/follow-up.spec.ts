import type { DeskDocument } from '#kernel/desk/document.js';
import type { Caller } from '#kernel/caller.js';
import { DomainError } from '#kernel/errors.js';
import { aTicket, after, alex, DAY, desk, DESKS, faultsOf, kim, MONDAY, person, refused } from '../../test/domain/fixtures.js';
import { isForEyesOf, requesterOf } from './follow-up.js';
import { openTicket, type Requester, type TicketRequest } from './open-ticket.js';
import { reply } from './reply.js';
import type { Ticket } from './ticket.js';

const TEXT = 'It is back, on the same page.';
const ids = { ticketId: 't2', messageId: 'm2', number: '100002' };
const LATE = after(14 * DAY + 1);
const packages = desk('packages');

/** Solved on Monday. */
const solved = (document: DeskDocument, parts: Partial<Ticket> = {}): Ticket =>
  aTicket(document, { status: document.statuses.find(({ kind }) => kind === 'SOLVED')!.id, solvedAt: MONDAY, ...parts });

const problem = solved(packages, {
  type: 'problem',
  priority: 'blocker',
  lane: 'escalated',
  subject: 'Search finds nothing',
  fields: { module: 'search', problem_kind: 'certain_browsers', browser_name: 'Firefox', browser_version: '140', operating_system: 'Linux', browser_extensions: 'none' },
});

const followUp = (earlier: Ticket | null, parts: Partial<TicketRequest> = {}, more: { document?: DeskDocument; caller?: Caller; requester?: Requester; now?: Date } = {}) => {
  const { document = packages, caller = kim, requester = kim, now = LATE } = more;
  return openTicket(document, caller, requester, { subject: '', description: TEXT, fields: {}, earlier, ...parts }, ids, now);
};

describe('PKG-16: when a follow-up can be opened', () => {
  it('a millisecond after the period, and not at its end', () => {
    const priority = { priority: 'high' };
    expect(refused(() => followUp(problem, priority, { now: after(14 * DAY) }))).toMatchObject({
      kind: 'STATE',
      reason: 'FOLLOW_UP_TOO_EARLY',
      metadata: { ticket_id: problem.id, current: 'solved', reply_by: 'TicketService/AddMessage', body: TEXT },
    });
    expect(followUp(problem, priority).ticket.followUpOf).toEqual({ id: problem.id, number: problem.number });
  });

  it.each(DESKS)('%s: exactly when a reply is refused', (id) => {
    const document = desk(id);
    for (const days of [0, 14, 15, 30, 31, 4000]) {
      const earlier = solved(document);
      const now = after(days * DAY);
      const late = reasonOf(() => reply(document, earlier, kim, { body: TEXT, internal: false }, 'm', now)) === 'REOPEN_PERIOD_OVER';
      const early = reasonOf(() => followUp(earlier, {}, { document, now })) === 'FOLLOW_UP_TOO_EARLY';
      expect({ days, early }).toEqual({ days, early: !late });
    }
  });

  it('not while the ticket is open, nor where the desk has none', () => {
    const open = aTicket(packages, { type: 'problem', priority: 'low' });
    expect(refused(() => followUp(open, { priority: 'low' }))).toMatchObject({ reason: 'FOLLOW_UP_TOO_EARLY', metadata: { current: 'open' } });
    const document: DeskDocument = { ...packages, reopen: { ...packages.reopen, followUpAfter: false } };
    expect(refused(() => followUp(problem, { priority: 'low' }, { document })).reason).toBe('FOLLOW_UP_NOT_OFFERED');
    const late = refused(() => reply(document, problem, kim, { body: TEXT, internal: false }, 'm', LATE));
    expect(late.metadata).toEqual({ body: TEXT });
  });

  it('a reply that comes too late is told how', () => {
    const late = refused(() => reply(packages, problem, kim, { body: TEXT, internal: false }, 'm', LATE));
    expect(late).toMatchObject({ kind: 'STATE', reason: 'REOPEN_PERIOD_OVER' });
    expect(late.metadata).toEqual({ body: TEXT, follow_up_by: 'TicketService/CreateTicket', follow_up_of_id: problem.id });
  });
});

describe('what a follow-up takes over', () => {
  it('what is left open: subject, type and the answers that still hold; not the priority nor what is paid for', () => {
    const { ticket, events, message } = followUp(problem, { priority: 'low' });
    const { subject, type, fields } = problem;
    expect(ticket).toMatchObject({ subject, type, fields, priority: 'low', lane: 'normal', status: 'open', openedAt: LATE, sequence: 1 });
    expect(message.body).toBe(TEXT);
    expect(events.map(({ change }) => change)).toEqual([{ kind: 'opened', description: TEXT }]);
  });

  it('nothing that is said anew', () => {
    const fields = { module: 'chat', problem_kind: 'other' };
    const { ticket } = followUp(problem, { subject: 'Chat is silent', priority: 'low', fields });
    expect(ticket).toMatchObject({ subject: 'Chat is silent', type: 'problem' });
    expect(ticket.fields).toEqual(fields);
    const request = followUp(problem, { type: 'service_request' }).ticket;
    expect(request).toMatchObject({ type: 'service_request', priority: undefined, fields: { module: 'search' } });
  });

  it('nothing of the moment: dates, long texts, files', () => {
    const hosting = desk('hosting');
    const fields = { server_ip: '203.0.113.7', service_name: 'vps', started_at: '2026-05-18T07:00:00.000Z', diagnostics: 'ping is lost' };
    const earlier = solved(hosting, { type: 'service', department: 'technical', priority: 'high', fields });
    const later = { document: hosting, now: after(31 * DAY) };
    const { ticket } = followUp(earlier, {}, later);
    expect(ticket).toMatchObject({ department: 'technical', priority: 'normal', fields: { server_ip: '203.0.113.7', service_name: 'vps' } });
    expect(Object.keys(ticket.fields)).toHaveLength(2);
    expect(faultsOf(() => followUp(earlier, { priority: 'high' }, later))).toEqual(['fields.started_at']);
  });

  it('nothing that the desk no longer has', () => {
    const earlier = { ...problem, type: 'wish', department: 'sales', language: 'la', fields: { module: 'fax', colour: 'red' } };
    expect(faultsOf(() => followUp(earlier))).toEqual(['fields.module']);
    const { ticket } = followUp(earlier, { fields: { module: 'news' } });
    expect(ticket).toMatchObject({ type: 'service_request', department: undefined, language: packages.languages[0], fields: { module: 'news' } });
  });
});

describe('whose ticket a follow-up may be of', () => {
  it('one that is not to be seen is a fault among the others', () => {
    const unseen = { type: 'problem', language: 'xx', fields: { module: 'fax' } };
    expect(faultsOf(() => followUp(null, unseen))).toEqual([
      'fields.module', 'fields.problem_kind', 'follow_up_of_id', 'language', 'priority', 'subject',
    ]);
  });

  it('a colleague’s where the desk shows all of the organisation, one’s own elsewhere', () => {
    const jo = { ...person('jo', 'customer', kim.organisationId) };
    const sam = person('sam', 'customer', '0195a1f0-0000-7000-8000-0000000000bb');
    expect([kim, jo, sam].map((who) => isForEyesOf(packages, who, problem))).toEqual([true, true, false]);
    const shop = desk('webshop');
    expect([kim, jo, sam].map((who) => isForEyesOf(shop, who, solved(shop)))).toEqual([true, false, false]);
    const { organisationId: _, ...alone } = kim;
    expect(isForEyesOf(packages, { ...alone, accountId: 'else' }, { ...problem, organisationId: undefined })).toBe(false);
  });

  it('a guest’s own, by the address', () => {
    const shop = desk('webshop');
    const guest = { name: 'Gil', email: 'gil@example.com' };
    const theirs = solved(shop, { organisationId: undefined, requester: guest });
    expect(isForEyesOf(shop, { name: 'G.', email: 'Gil@Example.com' }, theirs)).toBe(true);
    expect(isForEyesOf(shop, { name: 'Gil', email: 'sam@example.com' }, theirs)).toBe(false);
    expect(isForEyesOf(shop, { ...guest, accountId: 'gil' }, theirs)).toBe(false);
    expect(isForEyesOf(shop, { ...kim, accountId: undefined }, solved(shop))).toBe(false);
  });

  it('by an agent is for whom the earlier ticket was', () => {
    const requester = requesterOf({ ...problem, packageId: 'gold' });
    const { ticket, message } = followUp(problem, { priority: 'low' }, { caller: alex, requester });
    expect(ticket).toMatchObject({ requester: problem.requester, organisationId: kim.organisationId, packageId: 'gold' });
    expect(message).toMatchObject({ authorKind: 'agent', author: { accountId: 'alex' } });
  });
});

/** Nothing where it is not refused. */
function reasonOf(attempt: () => unknown): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error.reason;
    throw error;
  }
}

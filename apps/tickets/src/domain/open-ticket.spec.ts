import type { Caller } from '#kernel/caller.js';
import { alex, desk, faultsOf, kim, MONDAY, person, refused } from '../../test/domain/fixtures.js';
import { openTicket, type Requester, type TicketRequest } from './open-ticket.js';

const TEXT = 'Since this morning nothing works.';
const ids = { ticketId: 't1', messageId: 'm1', number: '100001' };
const lee: Requester = { accountId: 'lee', name: 'Lee', email: 'lee@example.com', organisationName: 'Acme', packageId: 'gold' };

const open = (id: string, caller: Caller, parts: Partial<TicketRequest>, requester: Requester = kim) =>
  openTicket(desk(id), caller, requester, { subject: 'Nothing works', description: TEXT, fields: {}, ...parts }, ids, MONDAY);

const titleOf = (description: string) => open('officehours', kim, { subject: '', description }).ticket.subject;

const shop = { fields: { area: 'other' } };
const lead = person('lou', 'lead');
const admin = person('ada', 'admin');
const manager = person('mo', 'account_manager');
const high = { priority: 'high', type: 'service', fields: { server_ip: '203.0.113.7', service_name: 'v', started_at: '2026-05-18 09:00' } };

describe('what a desk refuses hands the text back', () => {
  it.each([
    ['FLT-2', 'fleet', kim, { priority: 'urgent' }, 'URGENT_BY_PHONE', { phone: '+1 800 555 0142' }],
    ['FLT-2', 'fleet', kim, { priority: 'urgent', channel: 'api' }, 'URGENT_BY_PHONE', { phone: '+1 800 555 0142' }],
    ['FLT-2', 'fleet', manager, { priority: 'urgent', channel: 'email' }, 'URGENT_BY_PHONE', { phone: '+1 800 555 0142' }],
    ['FLT-2', 'fleet', kim, { priority: 'urgent', channel: 'phone' }, 'CHANNEL_NOT_FOR_CALLER', { opened_by: 'agent,lead' }],
    ['SHP-4', 'webshop', kim, { ...shop, priority: 'high' }, 'PRIORITY_IS_PAID', { product: 'priority' }],
    ['SHP-12', 'webshop', kim, { ...shop, channel: 'phone' }, 'NO_PHONE_SUPPORT', {}],
    ['SHP-12', 'webshop', kim, { ...shop, channel: 'forum' }, 'NO_FORUM_SUPPORT', {}],
    ['SHP-12', 'webshop', kim, { ...shop, channel: 'social_media' }, 'NO_SOCIAL_MEDIA_SUPPORT', {}],
    ['SHP-8', 'webshop', kim, { ...shop, channel: 'email' }, 'NO_EMAIL_SUPPORT', {}],
    ['SHP-12', 'webshop', kim, { ...shop, channel: 'chat' }, 'CHANNEL_NOT_OFFERED', { offered: 'form,guest_form' }],
    ['HST-4', 'hosting', kim, { ...high, channel: 'email' }, 'EMERGENCY_BY_FORM', {}],
    ['HST-4', 'hosting', alex, { ...high, channel: 'chat' }, 'EMERGENCY_BY_FORM', {}],
    ['OFC-2', 'officehours', kim, { priority: 'high' }, 'PRIORITY_IS_ASSESSED', {}],
    ['OFC-8', 'officehours', alex, { channel: 'phone' }, 'CALL_BACK_ONLY', {}],
    ['PKG-8', 'packages', kim, { type: 'service_request', priority: 'low' }, 'SERVICE_REQUEST_HAS_NO_PRIORITY', {}],
  ] as const)('%s %s: %#', (_rule, id, caller, parts, reason, metadata) => {
    const error = refused(() => open(id, caller, parts));
    expect(error).toMatchObject({ reason, metadata: { body: TEXT, ...metadata } });
    expect(error.message).not.toBe('');
  });

  it('in the caller’s language, where the desk speaks it', () => {
    expect(refused(() => open('webshop', kim, { ...shop, priority: 'high', language: 'de' })).message).toMatch(/^Eine Priorität/);
    expect(refused(() => open('webshop', kim, { ...shop, priority: 'high', language: 'fr' })).message).toMatch(/^A priority/);
  });

  it.each([
    ['FLT-2', 'fleet', alex, { priority: 'urgent', channel: 'phone' }],
    ['FLT-2: leads do what agents do', 'fleet', lead, { priority: 'urgent', channel: 'phone' }],
    ['FLT-2: admins too', 'fleet', admin, { priority: 'urgent', channel: 'phone' }],
    ['HST-4', 'hosting', kim, high],
    ['account managers do what customers do', 'fleet', manager, { priority: 'normal' }],
  ] as const)('%s %s: not refused', (_rule, id, caller, parts) => {
    expect(open(id, caller, parts, lee).ticket.priority).toBe(parts.priority);
  });
});

describe('all faults at once', () => {
  it('of the desk’s words and of the form', () => {
    const parts = { type: 'x', department: 'y', priority: 'z', language: 'xx', description: ' ', subject: '', fields: { colour: 'red' } };
    expect(faultsOf(() => open('fleet', kim, parts))).toEqual(
      ['department', 'description', 'fields.colour', 'language', 'priority', 'subject', 'type'],
    );
  });

  it('PKG-8: a problem needs a priority', () => {
    const parts = { type: 'problem', fields: { module: 'news', problem_kind: 'other' } };
    expect(faultsOf(() => open('packages', kim, parts))).toEqual(['priority']);
  });

  it('texts that are too long', () => {
    const parts = { description: 'x'.repeat(100_001), subject: 'x'.repeat(251), ...shop };
    const fields = faultsOf(() => open('webshop', kim, parts));
    expect(new Set(fields)).toEqual(new Set(['description', 'subject']));
  });
});

describe('a new ticket', () => {
  it('starts in the desk’s first status, lane and priority', () => {
    const { ticket, events, message } = open('hosting', kim, { type: 'general', department: 'financial' });
    expect(ticket).toMatchObject({ status: 'open', statusKind: 'OPEN', lane: 'normal', priority: 'normal', department: 'financial' });
    expect(ticket).toMatchObject({ sequence: 1, lastCustomerSequence: 1, openedAt: MONDAY, updatedAt: MONDAY, imported: false });
    expect(events.map((event) => event.change)).toEqual([{ kind: 'opened', description: TEXT }]);
    expect(message).toMatchObject({ id: 'm1', ticketId: 't1', authorKind: 'customer', body: TEXT, internal: false, sentAt: MONDAY });
  });

  it('PKG-8: a service request has no priority', () => {
    expect(open('packages', kim, { type: 'service_request', fields: { module: 'news' } }).ticket.priority).toBeUndefined();
  });

  it('SHP-3: stands in the normal lane until it is paid for', () => {
    expect(open('webshop', kim, shop).ticket.lane).toBe('normal');
  });

  it('FLT-5: has the organisation in its title', () => {
    expect(open('fleet', kim, {}, lee).ticket.subject).toBe('Acme - [Nothing works]');
    expect(open('fleet', kim, { subject: 'Acme - [Nothing works]' }, lee).ticket.subject).toBe('Acme - [Nothing works]');
  });

  it('without a subject is called by its first line', () => {
    expect(titleOf('\n One line \nand more')).toBe('One line');
    expect(titleOf('x'.repeat(81))).toBe(`${'x'.repeat(79)}…`);
  });

  it('OFC-5: opens although something is missing', () => {
    expect(open('officehours', kim, {}).ticket).toMatchObject({ status: 'new', fields: {} });
  });

  it('FLT-2: by an agent for a caller is the caller’s, and the words are the agent’s', () => {
    const { ticket, message } = open('fleet', alex, { channel: 'phone', priority: 'urgent' }, lee);
    expect(ticket).toMatchObject({ requester: { accountId: 'lee' }, packageId: 'gold', channel: 'phone' });
    expect(message).toMatchObject({ authorKind: 'agent', author: { accountId: 'alex' } });
  });
});

import type { DeskDocument } from '#kernel/desk/document.js';
import { aTicket, after, alex, desk, faultsOf, kim, person, refused } from '../../test/domain/fixtures.js';
import { changeClass, reclassify } from './reclassify.js';
import { personOf } from './status.js';
import { unchanged } from './ticket.js';

const at = after(1000);
const packages = desk('packages');
const problem = aTicket(packages, { type: 'problem', priority: 'low' });
const request = aTicket(packages, { type: 'service_request' });

describe('PKG-9: a wrong priority', () => {
  it.each(['blocker', 'high', 'medium'])('is corrected to %s by an agent, with one event', (priority) => {
    const { ticket, events } = reclassify(packages, problem, alex, { priority }, at);
    expect(ticket).toMatchObject({ priority, sequence: 2 });
    expect(events.map((event) => event.change)).toEqual([
      { kind: 'class_changed', dimension: 'priority', from: 'low', to: priority, reason: 'priority_corrected', actor: personOf(alex) },
    ]);
  });

  it('is not corrected by customers', () => {
    expect(refused(() => reclassify(packages, problem, kim, { priority: 'high' }, at))).toMatchObject({
      kind: 'FORBIDDEN',
      reason: 'PRIORITY_NOT_CORRECTABLE',
      metadata: { correctable_by: 'agent,lead' },
    });
  });

  it('the same again changes nothing', () => {
    expect(reclassify(packages, problem, alex, { priority: 'low' }, at)).toEqual({ ticket: problem, events: [] });
    expect(reclassify(packages, problem, alex, {}, at)).toEqual({ ticket: problem, events: [] });
  });
});

describe('PKG-8: the type decides about the priority', () => {
  it('a service request gets none', () => {
    const error = refused(() => reclassify(packages, request, alex, { priority: 'low' }, at));
    expect(error.reason).toBe('SERVICE_REQUEST_HAS_NO_PRIORITY');
  });

  it('what becomes a service request loses it', () => {
    const { ticket, events } = reclassify(packages, problem, alex, { type: 'service_request' }, at);
    expect(ticket).toMatchObject({ type: 'service_request', priority: undefined, sequence: 3 });
    expect(events.map(({ change }) => change.kind === 'class_changed' && [change.dimension, change.from, change.to])).toEqual([
      ['type', 'problem', 'service_request'],
      ['priority', 'low', ''],
    ]);
  });

  it('what becomes a problem needs one', () => {
    expect(faultsOf(() => reclassify(packages, request, alex, { type: 'problem' }, at))).toEqual(['priority']);
  });

  it.each([kim, alex])('and is given its first as when it is opened, by $name', (caller) => {
    const { ticket, events } = reclassify(packages, request, caller, { type: 'problem', priority: 'high' }, at);
    expect(ticket).toMatchObject({ type: 'problem', priority: 'high' });
    expect(events.map(({ change }) => change.kind === 'class_changed' && change.dimension)).toEqual(['type', 'priority']);
  });

  it('a first priority that is not the caller’s to give is refused', () => {
    const priorities = packages.priorities.map((priority) => ({ ...priority, raisableBy: ['agent' as const] }));
    const reserved: DeskDocument = { ...packages, priorities };
    const wish = { type: 'problem', priority: 'high' };
    expect(refused(() => reclassify(reserved, request, kim, wish, at)).reason).toBe('PRIORITY_NOT_CHOSEN');
  });

  it('what becomes a service request with a priority is told that it has none', () => {
    const error = refused(() => reclassify(packages, problem, alex, { type: 'service_request', priority: 'low' }, at));
    expect(error.reason).toBe('SERVICE_REQUEST_HAS_NO_PRIORITY');
  });

  it('PKG-9: whoever may not correct a priority does not get rid of it by the type', () => {
    expect(refused(() => reclassify(packages, problem, kim, { type: 'service_request' }, at))).toMatchObject({
      kind: 'FORBIDDEN',
      reason: 'PRIORITY_NOT_CORRECTABLE',
      metadata: { correctable_by: 'agent,lead' },
    });
  });

  it('no actor has corrected a priority that went with the type', () => {
    const { events } = reclassify(packages, problem, alex, { type: 'service_request' }, at);
    expect(events.map(({ change }) => change.kind === 'class_changed' && [change.reason, change.actor])).toEqual([
      ['corrected', personOf(alex)],
      ['type_has_no_priority', undefined],
    ]);
  });
});

describe('what a customer may correct: type and department of the own ticket, where the priority stays', () => {
  it('HST-1: the department, and the type of one that keeps its priority', () => {
    const hosting = desk('hosting');
    const ticket = aTicket(hosting, { type: 'general', department: 'technical', priority: 'high' });
    const changed = reclassify(hosting, ticket, kim, { type: 'service', department: 'financial' }, at);
    expect(changed.ticket).toMatchObject({ type: 'service', department: 'financial', priority: 'high', sequence: 3 });
    expect(refused(() => reclassify(hosting, ticket, kim, { priority: 'normal' }, at)).reason).toBe('PRIORITY_NOT_CORRECTABLE');
  });

  it('SHP-3, OFC-8: what is paid for stays', () => {
    const officehours = desk('officehours');
    const lane = officehours.lanes[0]!.id;
    const paid = aTicket(officehours, { type: 'incident', lane, liveCallBack: 'purchase' });
    const { ticket } = reclassify(officehours, paid, kim, { type: 'question' }, at);
    expect(ticket).toMatchObject({ type: 'question', lane, liveCallBack: 'purchase' });
  });

  it('a priority that came with a ticket from elsewhere is not touched by another department', () => {
    const hosting: DeskDocument = { ...desk('hosting'), ticketTypes: [{ ...desk('hosting').ticketTypes[0]!, priority: 'none' }] };
    const moved = aTicket(hosting, { priority: 'high' });
    const { ticket } = reclassify(hosting, moved, kim, { department: 'financial' }, at);
    expect(ticket).toMatchObject({ department: 'financial', priority: 'high' });
  });
});

describe('what the desk does not have or give', () => {
  it('is named all at once', () => {
    const to = { type: 'x', department: 'y', priority: 'z' };
    expect(faultsOf(() => reclassify(desk('hosting'), aTicket(desk('hosting')), alex, to, at))).toEqual(['department', 'priority', 'type']);
  });

  it('SHP-4: no agent gives a priority that is sold', () => {
    const error = refused(() => reclassify(desk('webshop'), aTicket(desk('webshop')), alex, { priority: 'high' }, at));
    expect(error.reason).toBe('PRIORITY_IS_PAID');
  });

  it('FLT-2: customers do not make it urgent afterwards; agents do', () => {
    const fleet = desk('fleet');
    const ticket = aTicket(fleet, { priority: 'normal' });
    expect(refused(() => reclassify(fleet, ticket, kim, { priority: 'urgent' }, at)).reason).toBe('URGENT_BY_PHONE');
    expect(reclassify(fleet, ticket, alex, { priority: 'urgent' }, at).ticket.priority).toBe('urgent');
  });

  it('a priority that only others may give is not had by correcting', () => {
    const fleet = desk('fleet');
    const priorities = fleet.priorities.map((priority) => ({ ...priority, raisableBy: ['lead' as const] }));
    const reserved: DeskDocument = { ...fleet, priorities };
    const ticket = aTicket(reserved, { priority: 'normal' });
    expect(refused(() => reclassify(reserved, ticket, alex, { priority: 'urgent' }, at)).reason).toBe('PRIORITY_NOT_CHOSEN');
    expect(reclassify(reserved, ticket, person('lou', 'lead'), { priority: 'urgent' }, at).ticket.priority).toBe('urgent');
  });
});

describe('one dimension', () => {
  it.each([
    ['lane', 'lane', 'priority'],
    ['package', 'packageId', 'gold'],
    ['department', 'department', 'technical'],
  ] as const)('%s: changes once, with its reason', (dimension, field, to) => {
    const once = changeClass(unchanged(problem), dimension, to, { reason: 'purchase', purchaseId: 'p' }, at);
    expect(once.ticket).toMatchObject({ [field]: to, sequence: 2, updatedAt: at });
    expect(once.events[0]!.change).toMatchObject({ dimension, to, reason: 'purchase', purchaseId: 'p' });
    expect(changeClass(once, dimension, to, { reason: 'purchase' }, at)).toBe(once);
  });
});

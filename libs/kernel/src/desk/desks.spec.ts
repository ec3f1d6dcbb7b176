import { readFileSync } from 'node:fs';
import type { DeskDocument } from './document.js';
import {
  channelOf,
  formFor,
  initialStatus,
  laneOf,
  policyFor,
  priceAt,
  priorityOf,
  shiftFrom,
  statusOf,
  targetsOf,
  textIn,
  typeOf,
} from './lookups.js';
import { createDeskParser } from './parse.js';

const FILES = new URL('../../../../desks/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, FILES), 'utf8');
const parse = createDeskParser(read('desk.schema.json'));
const RULES = {
  fleet: ['FLT', 12],
  officehours: ['OFC', 13],
  webshop: ['SHP', 12],
  hosting: ['HST', 10],
  packages: ['PKG', 20],
} as const;
const NAMES = Object.keys(RULES) as (keyof typeof RULES)[];
const desks = Object.fromEntries(NAMES.map((name) => [name, parse(read(`${name}.yaml`)).document])) as Record<
  keyof typeof RULES,
  DeskDocument
>;

describe.each(NAMES)('desks/%s.yaml', (name) => {
  it('is valid, without a warning, and has its own id', () => {
    const { document, warnings } = parse(read(`${name}.yaml`));
    expect(warnings).toEqual([]);
    expect(document.id).toBe(name);
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(desks[name]))).toEqual(desks[name]);
  });

  it('marks the data of each of its rules', () => {
    const comments = read(`${name}.yaml`)
      .split('\n')
      .flatMap((line) => /^\s*#(.*)$/.exec(line)?.[1] ?? []);
    const [prefix, count] = RULES[name];
    const marked = new Set(comments.flatMap((comment) => comment.match(/\b[A-Z]{3}-\d+\b/g) ?? []));
    expect([...marked].sort()).toEqual(Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`).sort());
  });
});

describe('what the desks promise', () => {
  const { fleet, officehours, webshop, hosting, packages } = desks;

  it('fleet: the first matching line decides, and pending is solved after 72 h', () => {
    expect(policyFor(fleet, { type: 'issue', priority: 'urgent', channel: 'phone' })?.id).toBe('urgent');
    expect(policyFor(fleet, { type: 'issue', priority: 'normal', channel: 'form' })?.id).toBe('normal');
    expect(fleet.lifecycle[0]).toMatchObject({ whileIn: ['pending'], steps: [{ after: 'PT72H', moveTo: 'solved' }] });
    expect(initialStatus(fleet).id).toBe('open');
    expect(shiftFrom(fleet.statusFlow.onCustomerReply, 'pending')).toBe('open');
    expect(shiftFrom(fleet.statusFlow.onCustomerReply, 'on_hold')).toBeUndefined();
  });

  it('officehours: no resolution time, updates every 16 h of support hours', () => {
    const line = policyFor(officehours, { type: 'incident', channel: 'email', lane: 'escalated' });
    expect(targetsOf(line!)).toMatchObject({
      firstResponse: { within: 'PT8H' },
      periodicUpdate: { within: 'PT16H' },
      resolution: 'NONE',
      cutOff: 'NONE',
    });
    const callback = officehours.products['callback']!;
    expect(priceAt(callback, new Date('2026-05-18T07:00:00Z'))).toMatchObject({ version: 1, minor: 9900 });
    expect(priceAt(callback, new Date('2025-12-31T23:59:59Z'))).toBeUndefined();
  });

  it('webshop: buying priority moves a ticket to the other calendar; mail and phone are refused', () => {
    expect(policyFor(webshop, { type: 'question', channel: 'form', lane: 'normal' })?.calendar).toBe('normal');
    expect(policyFor(webshop, { type: 'question', channel: 'form', lane: 'priority' })?.calendar).toBe('priority');
    expect(channelOf(webshop, 'email')?.refusal?.reason).toBe('NO_EMAIL_SUPPORT');
    expect(channelOf(webshop, 'post')).toBeUndefined();
    expect(laneOf(webshop, webshop.fairUse!.lane).rank).toBe(3);
    expect(textIn(webshop, statusOf(webshop, 'open').label, 'de')).toBe('Offen');
    expect(textIn(webshop, statusOf(webshop, 'open').label, 'fr')).toBe('Open');
  });

  it('hosting: mail is due in 30 minutes, but a ticket raised to High in 10', () => {
    const mail = policyFor(hosting, { type: 'general', priority: 'normal', channel: 'email' });
    expect(targetsOf(mail!).firstResponse).toEqual({ within: 'PT30M', warnAfter: ['PT15M'] });
    const high = policyFor(hosting, { type: 'service', priority: 'high', channel: 'email' });
    expect(targetsOf(high!).firstResponse).toMatchObject({ within: 'PT10M' });
    expect(formFor(hosting, { type: 'service', channel: 'email' }).id).toBe('email_service');
    expect(formFor(hosting, { type: 'general', channel: 'email' }).id).toBe('email_general');
    expect(formFor(hosting, { type: 'general', channel: 'form' }).id).toBe('ticket');
  });

  it('packages: seats and times by package, and no priority on a service request', () => {
    expect(packages.packages.map(({ id, seats }) => [id, seats])).toEqual([
      ['basic', 1],
      ['bronze', 3],
      ['silver', 5],
      ['gold', 10],
    ]);
    expect(policyFor(packages, { package: 'gold', type: 'service_request' })?.id).toBe('gold');
    expect(policyFor(packages, { package: 'gold', type: 'problem', priority: 'blocker' })?.id).toBe('gold_blocker');
    expect(policyFor(packages, { type: 'problem', priority: 'low' })).toBeUndefined();
    expect(typeOf(packages, 'service_request').priority).toBe('none');
    expect(priorityOf(packages, 'blocker').rank).toBe(1);
    expect(() => priorityOf(packages, 'urgent')).toThrow('unknown priority: urgent');
  });
});

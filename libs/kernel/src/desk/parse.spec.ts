import { readFileSync } from 'node:fs';
import { parseDocument, type Document } from 'yaml';
import { DomainError } from '../errors.js';
import { createDeskParser } from './parse.js';

const FILES = new URL('../../../../desks/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, FILES), 'utf8');
const parse = createDeskParser(read('desk.schema.json'));

/** A desk file with parts of it replaced; `undefined` takes a part out. */
function changed(name: string, changes: readonly (readonly [readonly (string | number)[], unknown])[]): string {
  const document: Document = parseDocument(read(`${name}.yaml`));
  for (const [path, value] of changes) {
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
  }
  return document.toString();
}

function faultsOf(text: string): Record<string, string> {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect([error.kind, error.reason]).toEqual(['INVALID', 'DESK_INVALID']);
    return Object.fromEntries(error.violations.map(({ field, description }) => [field, description]));
  }
  throw new Error('the file was accepted');
}

/** Without the places in the text, which `changed` moves about. */
function plainFaultsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(faultsOf(text)).map(([path, words]) => [path, words.replace(/ \(line \d+:\d+\)$/, '')]),
  );
}

describe('a desk file', () => {
  it('with many faults of form reports all of them at once', () => {
    const faults = plainFaultsOf(
      changed('fleet', [
        [['timeZone'], 'Mars/Olympus'],
        [['colour'], 'blue'],
        [['queue'], undefined],
        [['statuses', 1, 'kind'], 'WAITING'],
        [['sla', 'policies', 0, 'calendar'], 'nights'],
        [['sla', 'policies', 0, 'targets', 'firstResponse', 'within'], '30 minutes'],
        [['sla', 'policies', 1, 'targets', 'resolution'], 'SOMETIME'],
        [['sla', 'policies', 1, 'id'], 'urgent'],
        [['statusFlow', 'moves', 'lost'], ['open']],
        [['priorities', 0, 'label'], { de: 'Dringend' }],
        [['calendars', 'always', 'weekly', 'mon', 0, 1], '25:00'],
        [['lifecycle', 0, 'steps', 0, 'after'], 'P1M'],
        [['forms', 0, 'fields', 7, 'pattern'], '[A-'],
      ]),
    );
    expect(faults).toEqual({
      timeZone: expect.stringContaining('time-zone'),
      colour: 'unknown key',
      queue: 'is missing',
      'statuses[1].kind': 'must be one of NEW, OPEN, PENDING, ON_HOLD, SOLVED, CLOSED',
      'sla.policies[0].calendar': 'nights is not in calendars (always)',
      'sla.policies[0].targets.firstResponse.within': expect.stringContaining('desk-duration'),
      'sla.policies[1].targets.resolution': 'must be NONE',
      'sla.policies': 'id is there twice: urgent',
      'statusFlow.moves.lost': 'lost is not in statuses (open, pending, on_hold, solved)',
      'priorities[0].label': "de is not a language of this desk (en); the desk's first language, en, is missing",
      'calendars.always.weekly.mon[0][1]': expect.stringContaining('pattern'),
      'lifecycle[0].steps[0].after': expect.stringContaining('desk-duration'),
      'forms[0].fields[7].pattern': expect.stringContaining('regex'),
      // The same list, by its alias.
      'forms[1].fields[7].pattern': expect.stringContaining('regex'),
    });
  });

  it('with many faults of meaning reports all of them at once', () => {
    const faults = plainFaultsOf(
      changed('webshop', [
        [['calendars', 'normal', 'weekly'], { mon: [] }],
        [['sla', 'policies', 0, 'targets', 'firstResponse', 'warnBefore'], ['PT4H']],
        [['sla', 'policies', 1, 'targets', 'cutOff', 'dueAt'], '16:00'],
        [['statuses', 4], { id: 'limbo', kind: 'ON_HOLD', label: { en: 'Limbo' } }],
        [['reopen', 'refusal'], undefined],
        [['ticketTypes', 0, 'priority'], 'required'],
        [['channels', 2, 'refusal'], undefined],
        [['lanes', 2, 'rank'], 2],
        [['email', 'refused'], undefined],
        [['forms', 0, 'fields', 2, 'options'], undefined],
        [['forms', 0, 'fields', 3, 'requiredWhen'], { fields: { shoe_size: ['42'] } }],
      ]),
    );
    expect(faults).toEqual({
      'calendars.normal.weekly': 'has no open time',
      'sla.policies[0].targets.firstResponse.warnBefore[0]': 'PT4H is not shorter than the target, PT4H',
      'sla.policies[1].targets.cutOff.dueAt': expect.stringContaining('is not after 16:00'),
      'statuses[4]': 'no ticket can ever be limbo',
      'reopen.refusal': expect.stringContaining('is missing'),
      'ticketTypes[0].priority': 'is required, and the desk has no priorities',
      'channels[2].refusal': 'is missing: the channel is not offered',
      'lanes[2].rank': 'fair_use and normal have the same rank',
      'email.refused': expect.stringContaining('is missing'),
      'forms[0].fields[2].options': 'is missing: it is a choice',
      'forms[0].fields[3].requiredWhen.fields.shoe_size': 'is not a field of this form',
    });
  });

  it('has faults in its prices, its assessment and its templates named as well', () => {
    const price = { minor: 9900, currency: 'EUR', taxBasisPoints: 1900, from: '2026-01-01T00:00:00Z' };
    const faults = plainFaultsOf(
      changed('officehours', [
        [['products', 'callback', 'prices', 1], { ...price, version: 2 }],
        [['assessment', 'bands', 2, 'from'], 50],
        [['assessment', 'criteria', 0, 'points'], { vanished: 100 }],
        [['notifications', 'templates', 'reply', 'subject', 'en'], '{{tikcet.number}}'],
        [['notifications', 'rules', 0, 'product'], 'callback'],
        [['forms', 0, 'askTemplate'], undefined],
      ]),
    );
    expect(faults).toEqual({
      'products.callback.prices[1].from': 'must be after 2026-01-01T00:00:00Z',
      'assessment.bands[2].from': 'must be below 40: the first band reached holds',
      'assessment.bands': 'the last band must start at 0',
      'assessment.criteria[0].fields.availability': 'vanished is not among its options',
      'notifications.templates.reply.subject.en': '{{tikcet.number}} is not known',
      'notifications.rules[0].product': 'ticket.opened is not about a purchase',
      'forms[0].askTemplate': 'is missing: what is missing is asked for by mail',
    });
  });

  it('has each fault located by line and column', () => {
    const text = read('fleet.yaml').replace('initial: open', 'initial: opne');
    const line = text.split('\n').findIndex((row) => row.includes('opne')) + 1;
    expect(faultsOf(text)['statusFlow.initial']).toBe(
      `opne is not in statuses (open, pending, on_hold, solved) (line ${line}:12)`,
    );
  });

  it('may not have a key twice, and every syntax fault is named', () => {
    const faults = faultsOf(`id: fleet\nname: A\nid: again\nlanguages: [en\n`);
    expect(Object.keys(faults)).toEqual(['']);
    expect(() => parse('id: fleet\nname: A\nid: again\n')).toThrow(/unique.*\(line 3:1\)/);
    expect(() => parse('')).toThrow('must be object');
  });

  it('cannot multiply itself by aliases', () => {
    const rows = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let n = 1; n < 9; n++)
      rows.push(`a${n}: &a${n} [${Array.from({ length: 10 }, () => `*a${n - 1}`).join(', ')}]`);
    expect(() => parse(rows.join('\n'))).toThrow(/alias/i);
    expect(() => parse(`#${'x'.repeat(1_000_000)}`)).toThrow('longer than 1000000 characters');
  });
});

describe('a lawful desk file', () => {
  it('is warned of a policy line that earlier lines take the tickets of', () => {
    const { warnings } = parse(changed('packages', [[['sla', 'policies', 0, 'match'], { packages: ['gold'] }]]));
    expect(warnings).toEqual([
      {
        path: 'sla.policies[1]',
        message: 'gold never applies: earlier lines take its tickets',
        line: expect.any(Number),
        column: expect.any(Number),
      },
    ]);
  });

  it('is warned of a line that several earlier ones cover together', () => {
    const { warnings } = parse(changed('hosting', [[['sla', 'policies', 1, 'match'], { priorities: ['normal'] }]]));
    expect(warnings.map(({ message }) => message)).toEqual(['normal never applies: earlier lines take its tickets']);
  });

  it('is warned of kinds of ticket without any promise, and of templates that are never sent', () => {
    const { warnings } = parse(
      changed('packages', [
        [['sla', 'policies', 5], undefined],
        [['notifications', 'templates', 'spare'], { subject: { en: 'x' }, body: { en: 'y' } }],
      ]),
    );
    const messages = warnings.map(({ message }) => message);
    expect(messages).toContain(
      'no line holds for package basic, type problem, priority low, channel form, lane escalated',
    );
    expect(messages).toContain('is never sent');
  });
});

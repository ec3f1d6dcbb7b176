import type { FieldSpec, FieldType } from '#kernel/desk/forms.js';
import { desk } from '../../test/domain/fixtures.js';
import { faultOf, normalised } from './field-value.js';

const hosting = desk('hosting');
const field = (type: FieldType, parts: Partial<FieldSpec> = {}): FieldSpec => ({ id: 'f', type, label: { en: 'F' }, ...parts });
const modules = { options: [{ id: 'news', label: { en: 'News' } }, { id: 'chat', label: { en: 'Chat' } }] };

type Answered = readonly [type: FieldType, value: string, parts: Partial<FieldSpec>];

const RIGHT: readonly Answered[] = [
  ['text', 'anything', {}],
  ['text', 'abc', { minLength: 3, maxLength: 3 }],
  ['long_text', 'two\nlines', {}],
  ['integer', '0', {}],
  ['integer', '-12', {}],
  ['integer', '1950', { min: 1950, max: 2100 }],
  ['integer', '2100', { min: 1950, max: 2100 }],
  ['boolean', 'true', {}],
  ['boolean', 'false', {}],
  ['choice', 'chat', modules],
  ['date', '2028-02-29', {}],
  ['datetime', '2026-05-18T09:00:00Z', {}],
  ['datetime', '2026-05-18t09:00:59.25+05:30', {}],
  ['datetime', '2026-05-18 09:00', {}],
  ['email', 'kim@example.com', {}],
  ['account_email', 'kim@example.com', {}],
  ['phone', '+49 (30) 123-45/67', {}],
  ['url', 'https://fleet.example/vehicles/7', {}],
  ['ip', '203.0.113.7', {}],
  ['ip', '2001:db8::7', {}],
  ['text', '#123456', { pattern: '#[0-9]{6}' }],
];

const WRONG: readonly Answered[] = [
  ['text', 'ab', { minLength: 3 }],
  ['text', 'abcd', { maxLength: 3 }],
  ['integer', '1.5', {}],
  ['integer', '1e3', {}],
  ['integer', 'many', {}],
  ['integer', '1949', { min: 1950 }],
  ['integer', '2101', { max: 2100 }],
  ['boolean', 'yes', {}],
  ['choice', 'Chat', modules],
  ['choice', 'chat', {}],
  ['date', '2026-02-29', {}],
  ['date', '18.05.2026', {}],
  ['date', '2026-05-18T09:00Z', {}],
  ['datetime', 'x 1', {}],
  ['datetime', 'yesterday', {}],
  ['datetime', '2026-05-18', {}],
  ['datetime', '2026-02-30T09:00:00Z', {}],
  ['datetime', '2026-05-18T24:00:00Z', {}],
  ['datetime', '2026-05-18T09:60:00Z', {}],
  ['email', 'kim@example', {}],
  ['email', 'kim at example.com', {}],
  ['account_email', '@example.com', {}],
  ['phone', 'call me', {}],
  ['phone', '12', {}],
  ['url', 'fleet.example/vehicles/7', {}],
  ['url', 'javascript:alert(1)', {}],
  ['ip', '203.0.113.256', {}],
  ['ip', 'srv7.example', {}],
  ['text', '#1234567', { pattern: '#[0-9]{6}' }],
  ['text', '#12345a', { pattern: '#[0-9]{6}|[0-9]+' }],
];

describe('an answer', () => {
  it.each(RIGHT)('%s takes %j', (type, value, parts) => {
    const spec = field(type, parts);
    expect(faultOf(spec, normalised(spec, value, hosting), hosting)).toBeUndefined();
  });

  it.each(WRONG)('%s does not take %j', (type, value, parts) => {
    const spec = field(type, parts);
    expect(faultOf(spec, normalised(spec, value, hosting), hosting)).toEqual(expect.stringMatching(/\S/));
  });

  it('is trimmed, and in the case the desk wants', () => {
    expect(normalised(field('text', { normalise: 'upper' }), ' wdb1\n', hosting)).toBe('WDB1');
    expect(normalised(field('text', { normalise: 'lower' }), ' AbC ', hosting)).toBe('abc');
    expect(normalised(field('text'), ' AbC ', hosting)).toBe('AbC');
  });
});

describe('HST-2: a time without a zone is read in the field’s, or in the desk’s', () => {
  it.each([
    ['2026-05-18 09:00', 'Europe/Warsaw', '2026-05-18T07:00:00.000Z'],
    ['2026-01-18T09:00:30', 'Europe/Warsaw', '2026-01-18T08:00:30.000Z'],
    ['2026-05-18T09:00', undefined, '2026-05-18T07:00:00.000Z'],
    ['2026-05-18 09:00', 'America/New_York', '2026-05-18T13:00:00.000Z'],
    // 02:30 does not exist on the night summer time begins, and is there twice when it ends: the first counts.
    ['2026-03-29 02:30', 'Europe/Warsaw', '2026-03-29T01:00:00.000Z'],
    ['2026-10-25 02:30', 'Europe/Warsaw', '2026-10-25T00:30:00.000Z'],
    ['2026-05-18T09:00:00-04:00', 'Europe/Warsaw', '2026-05-18T09:00:00-04:00'],
    ['2026-05-18T09:00:00Z', 'Europe/Warsaw', '2026-05-18T09:00:00Z'],
    ['around nine', 'Europe/Warsaw', 'around nine'],
  ])('%j in %s is %j', (value, timeZone, expected) => {
    expect(normalised(field('datetime', { timeZone }), value, hosting)).toBe(expected);
  });
});

describe('FLT-6: the VIN', () => {
  const fleet = desk('fleet');
  const vin = fleet.forms.at(-1)!.fields.find(({ id }) => id === 'vehicle_vin')!;
  const check = (value: string) => faultOf(vin, normalised(vin, value, fleet), fleet);

  it.each(['1HGCM82633A004352', ' 1hgcm82633a004352 ', '11111111111111111'])('takes %j', (value) => {
    expect(check(value)).toBeUndefined();
  });

  it.each([
    '1HGCM82633A00435',
    '1HGCM82633A0043522',
    'IHGCM82633A004352',
    '1HGCM82633A0O4352',
    '1HGCM82633A00435Q',
    '1hgcm82633a00435q',
    '1HGCM82633A-04352',
    '1HGCM82633A004352\n1HGCM82633A004352',
  ])('does not take %j, and says why', (value) => {
    expect(check(value)).toBe('A VIN has 17 letters and digits, and no I, O or Q.');
  });
});

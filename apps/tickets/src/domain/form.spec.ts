import { formFor, type TicketTraits } from '#kernel/desk/lookups.js';
import type { FormSpec } from '#kernel/desk/forms.js';
import { desk } from '../../test/domain/fixtures.js';
import { type CheckedForm, checkForm } from './form.js';

const text = { subject: 'Subject', description: 'Words.' };

function check(id: string, traits: TicketTraits, answers: Readonly<Record<string, string>>, language?: string): CheckedForm {
  const document = desk(id);
  return checkForm(formFor(document, traits), { ...text, ...answers }, { desk: document, traits, signedIn: true, language });
}

const fields = (list: CheckedForm['faults']): string[] => list.map((fault) => fault.field).sort();

describe('FLT-6: typed and optional', () => {
  it('only the texts are required', () => {
    expect(check('fleet', {}, {})).toEqual({ fields: {}, faults: [], missing: [] });
    expect(fields(check('fleet', {}, { subject: ' ', description: '' }).missing)).toEqual(['description', 'subject']);
  });

  it('all faults are named at once, and blank answers are none', () => {
    const answers = { occurred_at: 'today', vehicle_vin: 'x', vehicle_year: '1900', driver_link: 'Bo', colour: 'red', location: '  ' };
    const { faults, fields: kept } = check('fleet', {}, answers);
    expect(fields(faults)).toEqual(
      ['fields.colour', 'fields.driver_link', 'fields.occurred_at', 'fields.vehicle_vin', 'fields.vehicle_year'],
    );
    expect(kept).not.toHaveProperty('location');
  });

  it('keeps the answers as the desk wants them, without the ticket’s own texts', () => {
    const answers = { vehicle_vin: '1hgcm82633a004352', occurred_at: '2026-05-18 09:00', location: ' A 9 ' };
    expect(check('fleet', {}, answers).fields).toEqual({
      vehicle_vin: '1HGCM82633A004352',
      occurred_at: '2026-05-18T13:00:00.000Z',
      location: 'A 9',
    });
  });
});

describe('HST-2: High requires', () => {
  const high: TicketTraits = { priority: 'high', channel: 'form', type: 'service' };
  const all = { server_ip: '2001:db8::7', service_name: 'vps-7', started_at: '2026-05-18 09:00' };

  it('all that is missing, in one answer', () => {
    expect(fields(check('hosting', high, {}).missing)).toEqual(
      ['fields.order_number', 'fields.server_ip', 'fields.service_name', 'fields.started_at'],
    );
  });

  it.each([
    ['the address', all, []],
    ['the order number instead', { ...all, server_ip: '', order_number: '#123456' }, []],
    ['neither of them', { ...all, server_ip: '' }, ['fields.order_number', 'fields.server_ip']],
    ['no service name', { ...all, service_name: ' ' }, ['fields.service_name']],
  ])('%s', (_what, answers, missing) => {
    expect(fields(check('hosting', high, answers).missing)).toEqual(missing);
  });

  it('a wrong order number is a fault and not missing', () => {
    const { faults, missing } = check('hosting', high, { ...all, server_ip: '', order_number: '123456' });
    expect(faults).toEqual([{ field: 'fields.order_number', description: 'Order number: An order number looks like #123456.' }]);
    expect(missing).toEqual([]);
  });

  it('and Normal does not', () => {
    expect(check('hosting', { ...high, priority: 'normal' }, {}).missing).toEqual([]);
  });
});

describe('PKG-10: evidence by kind of problem', () => {
  const problem: TicketTraits = { type: 'problem', priority: 'high' };
  const base = { module: 'search', problem_kind: 'other' };

  it.each([
    ['other', []],
    ['red_error_message', ['fields.har']],
    ['certain_users', ['fields.affected_users']],
    ['certain_browsers', ['fields.browser_extensions', 'fields.browser_name', 'fields.browser_version', 'fields.operating_system']],
    ['certain_elements', ['fields.devices', 'fields.element']],
    ['red_error_message\n certain_users ', ['fields.affected_users', 'fields.har']],
  ])('%j asks for %j', (problem_kind, missing) => {
    expect(fields(check('packages', problem, { ...base, problem_kind }).missing)).toEqual(missing);
  });

  it('what is not asked for is refused', () => {
    expect(check('packages', problem, { ...base, element: 'menu' }).faults).toEqual([
      { field: 'fields.element', description: 'Which element or situation? is not asked for here' },
    ]);
  });

  it('a field with many values has one a line, each of them checked', () => {
    const users = { ...base, problem_kind: 'certain_users' };
    expect(check('packages', problem, { ...users, affected_users: 'a@x.example\nb@x.example' }).faults).toEqual([]);
    expect(check('packages', problem, { ...users, affected_users: 'a@x.example\nbob\neve' }).faults).toHaveLength(2);
    expect(fields(check('packages', problem, { ...base, problem_kind: 'other\nstrange' }).faults)).toEqual(['fields.problem_kind']);
  });

  it('a service request asks for none of it', () => {
    expect(check('packages', { type: 'service_request' }, { module: 'news' })).toMatchObject({ faults: [], missing: [] });
    expect(fields(check('packages', { type: 'service_request' }, base).faults)).toEqual(['fields.problem_kind']);
  });
});

describe('who asks and where', () => {
  it('SHP-2: guests say who they are, in their own language', () => {
    const { missing } = check('webshop', { channel: 'guest_form' }, { area: 'other' }, 'de');
    expect(missing.map((fault) => fault.description)).toEqual(['Dein Name is required', 'Deine E-Mail-Adresse is required']);
    expect(check('webshop', { channel: 'form' }, { area: 'other' }).missing).toEqual([]);
  });

  it('OFC-5: the phone alone is optional of the contact', () => {
    expect(fields(check('officehours', {}, {}).missing)).toEqual(['fields.company', 'fields.contact_email', 'fields.contact_name']);
  });

  it('a field that is not shown is never missing', () => {
    const signedIn = { signedIn: true };
    const form: FormSpec = {
      id: 'f',
      missing: 'refuse',
      fields: [{ id: 'seat', type: 'text', label: { en: 'Seat' }, required: true, shownWhen: signedIn }],
    };
    const context = { desk: desk('fleet'), traits: {} };
    expect(checkForm(form, {}, { ...context, signedIn: false }).missing).toEqual([]);
    expect(fields(checkForm(form, {}, { ...context, signedIn: true }).missing)).toEqual(['fields.seat']);
  });
});

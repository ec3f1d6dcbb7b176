import type { DeskDocument } from '#kernel/desk/document.js';
import { desk } from '../../test/domain/fixtures.js';
import { formattedSubject } from './subject.js';

function withTemplate(template: string): DeskDocument {
  const fleet = desk('fleet');
  return { ...fleet, tickets: { ...fleet.tickets, subject: { ...fleet.tickets.subject, template } } };
}

describe('FLT-5: the title', () => {
  it.each([
    ['No GPS', 'Acme', 'Acme - [No GPS]'],
    ['  No GPS\n', 'Acme', 'Acme - [No GPS]'],
    ['Acme - [No GPS]', 'Acme', 'Acme - [No GPS]'],
    ['Acme - []', 'Acme', 'Acme - []'],
    ['Other - [No GPS]', 'Acme', 'Acme - [Other - [No GPS]]'],
    ['Acme - No GPS', 'Acme', 'Acme - [Acme - No GPS]'],
    ['No GPS', 'A {subject} & Co. $&', 'A {subject} & Co. $& - [No GPS]'],
    ['{organisation} $1', 'Acme', 'Acme - [{organisation} $1]'],
  ])('%j of %j is %j, and stays so', (subject, organisation, expected) => {
    const once = formattedSubject(desk('fleet'), subject, organisation);
    expect(once).toBe(expected);
    expect(formattedSubject(desk('fleet'), once, organisation)).toBe(expected);
  });

  it('stays as it is while the organisation is not known', () => {
    expect(formattedSubject(desk('fleet'), ' No GPS ', undefined)).toBe('No GPS');
  });

  it.each(['officehours', 'webshop', 'hosting', 'packages'])('%s keeps the subject', (id) => {
    expect(formattedSubject(desk(id), ' No {subject} GPS ', 'Acme')).toBe('No {subject} GPS');
  });

  it('is doubled rather than lost when the parts around it overlap', () => {
    expect(formattedSubject(withTemplate('aba{subject}aba'), 'aba', undefined)).toBe('abaabaaba');
  });
});

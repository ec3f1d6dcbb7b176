import { deskFile } from '#testing/neighbours.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { money } from '#kernel/money.js';
import { invited, packageChanged } from '../domain/account-happenings.js';
import type { Happening, KnownTicket } from '../domain/happening.js';
import { noticeChanged } from '../domain/notice.js';
import { planMails } from '../domain/plan-mails.js';
import { purchaseChanged } from '../domain/purchase-happenings.js';
import { lifecycleAsks, messageAdded, priorityCorrected, statusChanged, ticketOpened } from '../domain/ticket-happenings.js';
import { variablesFor } from '../domain/variables.js';
import { renderMail } from './render-mail.js';

const person = { accountId: 'a', name: 'Robin', email: 'robin@example.com' };
const agent = { accountId: 'b', name: 'Alex', email: 'alex@example.com' };
const at = new Date('2026-05-18T07:00:00Z');

/** Everything that can happen on a desk, with the desk's own ids. */
function happeningsOf(desk: DeskDocument, language: string): Happening[] {
  const ticket: KnownTicket = {
    id: 't',
    deskId: desk.id,
    number: '100001',
    subject: 'Door\r\nshut',
    language,
    organisationId: 'o',
    requester: person,
    status: desk.statusFlow.initial,
    imported: false,
    traits: { channel: 'form', priority: desk.priorities[0]?.id, type: desk.ticketTypes[0]!.id },
    sequence: 5,
    lastCustomerSequence: 1,
    lastAgentReplySequence: 0,
  };
  const stranger = { ...ticket, organisationId: undefined, requester: { name: 'Guest', email: 'guest@example.com' } };
  const message = { authorKind: 'agent', author: agent, internal: false, automatic: false, body: 'We looked at it.' };
  const move = { fromKind: 'OPEN', toKind: 'SOLVED', cause: 'agent', actor: agent, customerTold: false };
  const moves = desk.statuses.flatMap(({ id, kind }) => {
    const to = { ...move, to: id, toKind: kind };
    const type = kind === 'SOLVED' || kind === 'CLOSED' ? 'ticket.resolved' : 'ticket.status_changed';
    return [
      statusChanged(desk, { ...ticket, status: id }, { ...to, eventType: type }),
      statusChanged(desk, { ...ticket, status: id }, { ...to, eventType: type, fromKind: 'NEW' }),
      ...desk.lifecycle.map((rule) =>
        statusChanged(desk, ticket, { ...to, eventType: type, cause: 'lifecycle', lifecycleRule: rule.id }),
      ),
    ];
  });
  const asks = desk.lifecycle.flatMap((rule) =>
    rule.steps.flatMap((_, step) => {
      const waiting = { ...ticket, status: rule.whileIn[0]!, traits: { ...ticket.traits, type: rule.match?.types?.[0] } };
      return lifecycleAsks(desk, waiting, { ruleId: rule.id, step, anchorSequence: 3 }) ?? [];
    }),
  );
  const purchases = Object.entries(desk.products).flatMap(([productId, product]) =>
    ['authorized', 'captured', 'failed', 'voided', 'refunded'].map((change) =>
      purchaseChanged(`purchase.${change}`, ticket, {
        productId,
        priceVersion: product.prices[0]!.version,
        gross: money(490n, 'EUR'),
        refunded: money(490n, 'EUR'),
        buyer: person,
      }),
    ),
  );
  const notice = { id: 'n', deskId: desk.id, kind: desk.notices.kinds[0]!.id, title: 'T', body: 'B', startsAt: at, sequence: 1 };
  return [
    ticketOpened(desk, ticket),
    ticketOpened(desk, stranger),
    messageAdded(ticket, message)!,
    ...moves,
    ...asks,
    priorityCorrected(ticket, agent, 'priority_corrected'),
    ...purchases,
    noticeChanged('notice.published', notice, [person]),
    noticeChanged('notice.ended', notice, [person]),
    invited(desk, person, 'https://desk.example/invitations/x'),
    ...desk.packages.slice(0, 1).map(({ id }) => packageChanged(id, [person])),
  ];
}

describe('the mails of the five desks', () => {
  it.each(['fleet', 'officehours', 'webshop', 'hosting', 'packages'])('%s: have a value for all they name', (id) => {
    const desk = deskFile(id);
    const templates = new Set<string>();
    for (const language of desk.languages) {
      for (const happening of happeningsOf(desk, language)) {
        for (const mail of planMails(desk, happening)) {
          const rendered = renderMail(desk, mail.template, variablesFor(desk, happening, mail.to, language), language);
          expect({ template: mail.template, missing: rendered.missing }).toEqual({ template: mail.template, missing: [] });
          expect(rendered.subject).toMatch(/^\S[^\r\n{}]*\S$/);
          expect(rendered.body.trim()).not.toBe('');
          templates.add(mail.template);
        }
      }
    }
    const expected = {
      fleet: ['confirmation', 'reply', 'resolved', 'solved_when_silent', 'invitation'],
      officehours: ['receipt', 'started', 'reply', 'resolved', 'ask_if_solved', 'callback_voided', 'invitation'],
      webshop: ['receipt', 'reply', 'parked', 'priority_paid', 'priority_failed', 'priority_refunded', 'invitation'],
      hosting: ['receipt', 'verification', 'reply', 'priority_corrected', 'notice', 'notice_ended', 'invitation'],
      packages: ['receipt', 'reply', 'resolved', 'status_update_wanted', 'closed_when_silent', 'package_changed', 'callback_charged'],
    }[id];
    expect([...templates]).toEqual(expect.arrayContaining(expected ?? []));
  });

  it('leaves out what has no value and says so; what the vocabulary does not know throws', () => {
    const desk = deskFile('packages');
    const mail = renderMail(desk, 'reply', { 'ticket.number': '1', 'ticket.subject': '{{desk.name}}', 'message.text': 'x' }, 'en');
    expect(mail.subject).toBe('[#1] {{desk.name}}');
    expect(mail.missing).toEqual(['message.author', 'links.ticket']);
    const templates = { odd: { subject: { en: 'a' }, body: { en: '{{ticket.colour}}' } } };
    const odd = { ...desk, notifications: { ...desk.notifications, templates } };
    expect(() => renderMail(odd, 'odd', {}, 'en')).toThrow(/colour/);
  });
});

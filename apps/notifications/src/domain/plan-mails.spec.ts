import { deskFile } from '#testing/neighbours.js';
import type { KnownTicket } from './happening.js';
import { addressKindOf, languageOf, planMails } from './plan-mails.js';
import { pauseAfter } from './retry.js';
import { afterMessage, lifecycleAsks, messageAdded, priorityCorrected, statusChanged, ticketOpened } from './ticket-happenings.js';
import { formatMoney } from './variables.js';

const ticket: KnownTicket = {
  id: 't',
  deskId: 'officehours',
  number: '500001',
  subject: 'Door shut',
  language: 'en',
  organisationId: 'o',
  requester: { accountId: 'r', name: 'Robin', email: 'robin@example.com' },
  status: 'new',
  imported: false,
  traits: { channel: 'form' },
  sequence: 4,
  lastCustomerSequence: 1,
  lastAgentReplySequence: 0,
};
const agent = { accountId: 'a', name: 'Alex', email: 'alex@example.com' };
const resolved = { eventType: 'ticket.resolved', fromKind: 'OPEN', to: 'resolved', toKind: 'SOLVED', cause: 'agent', actor: agent, customerTold: false };
const rulesOf = (mails: readonly { readonly ruleId: string }[]): string[] => mails.map(({ ruleId }) => ruleId);

describe('which mails a desk wants', () => {
  const officehours = deskFile('officehours');

  it('OFC-9: an agent who starts is told of, a customer’s reply is not a start', () => {
    const started = { ...resolved, eventType: 'ticket.status_changed', fromKind: 'NEW', to: 'in_progress', toKind: 'OPEN', cause: 'claim' };
    expect(rulesOf(planMails(officehours, statusChanged(officehours, ticket, started)))).toEqual(['started']);
    expect(planMails(officehours, statusChanged(officehours, ticket, { ...started, cause: 'customer_reply' }))).toEqual([]);
  });

  it('OFC-12: the agent’s own words take the place of the mail', () => {
    expect(rulesOf(planMails(officehours, statusChanged(officehours, ticket, resolved)))).toEqual(['resolved']);
    expect(planMails(officehours, statusChanged(officehours, ticket, { ...resolved, customerTold: true }))).toEqual([]);
  });

  it('never tells the one who did it, where the rule says so', () => {
    const message = { authorKind: 'agent', author: ticket.requester, internal: false, automatic: false, body: 'x' };
    expect(planMails(officehours, messageAdded(ticket, message)!)).toEqual([]);
    const nameless = { ...message, author: { name: 'Robin', email: 'ROBIN@example.com' } };
    expect(planMails(officehours, messageAdded({ ...ticket, requester: { name: 'R', email: 'robin@example.com' } }, nameless)!)).toEqual([]);
  });

  it('FLT-8: a call is not confirmed by itself; HST-7: a stranger is told to prove who they are', () => {
    const fleet = deskFile('fleet');
    expect(rulesOf(planMails(fleet, ticketOpened(fleet, ticket)))).toEqual(['confirm_online']);
    expect(planMails(fleet, ticketOpened(fleet, { ...ticket, traits: { channel: 'phone' } }))).toEqual([]);
    const hosting = deskFile('hosting');
    const stranger = { ...ticket, organisationId: undefined, requester: { name: '', email: 'x@example.com' } };
    expect(rulesOf(planMails(hosting, ticketOpened(hosting, stranger)))).toEqual(['receipt_unverified']);
    expect(rulesOf(planMails(hosting, ticketOpened(hosting, ticket)))).toEqual(['receipt']);
  });

  it('PKG-17: asks for a status update unless the customer wrote or the ticket moved on', () => {
    const packages = deskFile('packages');
    const waiting = { ...ticket, status: 'awaiting_reply', traits: { type: 'problem' } };
    const due = { ruleId: 'ask_about_problem', step: 0, anchorSequence: 3 };
    expect(planMails(packages, lifecycleAsks(packages, waiting, due)!)).toMatchObject([{ template: 'status_update_wanted' }]);
    expect(lifecycleAsks(packages, { ...waiting, lastCustomerSequence: 4 }, due)).toBeUndefined();
    expect(lifecycleAsks(packages, { ...waiting, status: 'open' }, due)).toBeUndefined();
    expect(lifecycleAsks(packages, { ...waiting, traits: { type: 'service_request' } }, due)).toBeUndefined();
    expect(lifecycleAsks(packages, waiting, { ...due, step: 1 })).toBeUndefined();
  });

  it('PKG-17: a further public reply of ours voids the silence that was counted from the one before', () => {
    const packages = deskFile('packages');
    const waiting = { ...ticket, status: 'awaiting_reply', traits: { type: 'problem' } };
    const message = { authorKind: 'agent', author: agent, internal: false, automatic: false, body: 'Any news?' };
    const due = { ruleId: 'ask_about_problem', step: 0, anchorSequence: 3 };
    const asks = (said: typeof message, anchorSequence: number) =>
      lifecycleAsks(packages, afterMessage(waiting, said), { ...due, anchorSequence });
    expect(asks(message, 3)).toBeUndefined();
    expect(asks(message, 4)).toBeDefined();
    expect(asks({ ...message, internal: true }, 3)).toBeDefined();
    expect(asks({ ...message, automatic: true }, 3)).toBeDefined();
    expect(asks({ ...message, authorKind: 'customer' }, 3)).toBeUndefined();
  });

  it('PKG-9: an agent’s reason is shown, a code is not', () => {
    const packages = deskFile('packages');
    const reasonOf = (reason: string) => priorityCorrected(ticket, agent, reason).variables!(packages, 'en')['change.reason'];
    expect(reasonOf('It is only one browser.')).toBe('It is only one browser.');
    expect(reasonOf('priority_corrected')).toBe('');
  });

  it('imported tickets tell nobody', () => {
    expect(planMails(officehours, ticketOpened(officehours, { ...ticket, imported: true }))).toEqual([]);
  });

  it('HST-9: the kind of address a category belongs to', () => {
    const hosting = deskFile('hosting');
    expect(addressKindOf(hosting, 'order')).toBe('invoices_orders');
    expect(addressKindOf(hosting, 'security')).toBe('abuse');
    expect(addressKindOf(hosting, 'notice')).toBeUndefined();
  });

  it('speaks the nearest language', () => {
    const webshop = deskFile('webshop');
    expect(['de-AT', 'de', 'xx', ''].map((language) => languageOf(webshop, language))).toEqual(['de', 'de', webshop.languages[0], webshop.languages[0]]);
  });
});

it('amounts are exact and written as people write them', () => {
  expect(formatMoney({ minor: 490n, currency: 'EUR' }, 'en')).toBe('€4.90');
  expect(formatMoney({ minor: 5n, currency: 'EUR' }, 'en')).toBe('€0.05');
  expect(formatMoney({ minor: -490n, currency: 'JPY' }, 'en')).toBe('-¥490');
  expect(formatMoney({ minor: 9_007_199_254_740_993_01n, currency: 'EUR' }, 'en')).toBe('€9,007,199,254,740,993.01');
});

it('pauses double up to an hour, and end', () => {
  const policy = { attempts: 12, firstPauseMs: 15_000 };
  expect([1, 2, 3, 11].map((attempts) => pauseAfter(attempts, policy))).toEqual([15_000, 30_000, 60_000, 3_600_000]);
  expect(pauseAfter(12, policy)).toBeUndefined();
});

import { InvitationSent } from '#contracts/generated/priolane/events/v1/account_events.js';
import { LifecycleDue } from '#contracts/generated/priolane/events/v1/sla_events.js';
import { newId } from '#kernel/ids.js';
import type { DomainEvent } from '#messaging/event.js';
import { type SharedMailbox, testMailbox } from '#testing/infrastructure/test-servers.js';
import { eventually } from '#testing/neighbours.js';
import { accountCreated, AGENT, SaidTicket, somebody } from './happenings.js';
import { MONDAY, type NotificationsUnderTest, startNotifications } from './service.js';

interface ReceivedMail {
  readonly subject: string;
  readonly text: string;
  readonly to: readonly { readonly address: string; readonly name: string }[];
  readonly from: readonly { readonly address: string; readonly name: string }[];
  readonly headers: Readonly<Record<string, string>>;
}

const PAGE = { pageSize: 0, pageToken: '' };

describe('mails', () => {
  let under: NotificationsUnderTest;
  let mailbox: SharedMailbox;

  beforeAll(async () => {
    mailbox = await testMailbox();
    const desks = ['fleet', 'officehours', 'webshop', 'hosting', 'packages'];
    under = await startNotifications({ desks, smtpUrl: mailbox.smtpUrl, replicas: 2 });
  });

  afterAll(() => under?.stop());

  async function inboxOf(address: string): Promise<ReceivedMail[]> {
    const mails = (await (await fetch(`${mailbox.webUrl}/email`)).json()) as ReceivedMail[];
    return mails.filter((mail) => mail.to.some((to) => to.address === address));
  }

  function mailsTo(address: string, count: number): Promise<ReceivedMail[]> {
    return eventually(`${count} mails to ${address}`, async () => {
      const mails = await inboxOf(address);
      return mails.length >= count && mails;
    });
  }

  /** All that was published is handled, and all mails have left. */
  async function settled(eventId: string): Promise<void> {
    await eventually(`the event ${eventId}`, async () => {
      const [handled] = await under.rows('SELECT FROM inbox WHERE event_id = $1', [eventId]);
      const [waiting] = await under.rows(`SELECT FROM delivery WHERE state = 'pending'`);
      return handled !== undefined && waiting === undefined;
    });
  }

  /** The SLA service's timer for a problem runs out; it was armed by this event of the ticket. */
  function silence(ticket: SaidTicket, anchorSequence: number): Promise<DomainEvent> {
    const due = { ruleId: 'ask_about_problem', step: 0, anchorSequence: String(anchorSequence), moveTo: '', notify: 'status_update_wanted' };
    return under.neighbours.say('sla', {
      type: 'lifecycle.due',
      aggregateId: newId(),
      deskId: 'packages',
      occurredAt: MONDAY,
      data: LifecycleDue.toJSON({ ...due, ticketId: ticket.id, deskId: 'packages', dueAt: MONDAY.toISOString() }) as object,
    });
  }

  it('OFC-7: a ticket is confirmed with its number and its links', async () => {
    const requester = somebody();
    const ticket = new SaidTicket('officehours', requester);
    await under.neighbours.say('tickets', ticket.opened());
    const [mail] = await mailsTo(requester.email, 1);
    expect(mail!.subject).toBe(`[#${ticket.number}] We have your ticket: The door stays shut`);
    expect(mail!.text).toContain(`https://help.officehours.example/tickets/${ticket.number}`);
    expect(mail!.text).toContain(`https://help.officehours.example/tickets/${ticket.number}/products/callback`);
    expect(mail!.from[0]!.address).toBe('support@officehours.example');
    expect(mail!.headers['auto-submitted']).toBe('auto-generated');
    const { deliveries } = await under.deliveries({ deskId: 'officehours', roles: ['agent'] }).listDeliveries({ ticketId: ticket.id, ...PAGE });
    expect(deliveries).toEqual([expect.objectContaining({ state: 'sent', recipient: requester.email, attempts: 1 })]);
    expect(mail!.headers['message-id']).toBe(deliveries[0]!.messageId);
    const heard = await eventually('mail.sent', async () => {
      const events = await under.neighbours.heard('notifications', deliveries[0]!.id);
      return events.length > 0 && events;
    });
    expect(heard).toEqual([{ type: 'mail.sent', sequence: 1, data: expect.objectContaining({ recipient: requester.email }) }]);
  });

  it('sends a mail once when its event comes three times and two replicas send', async () => {
    const tickets = Array.from({ length: 15 }, () => new SaidTicket('webshop', somebody()));
    const said = tickets.map((ticket) => ({ ...ticket.opened(), id: newId(), sequence: 1 }));
    for (let i = 0; i < 3; i += 1) for (const event of said) await under.neighbours.say('tickets', event);
    for (const event of said) await settled(event.id);
    const counts = await Promise.all(tickets.map(async ({ requester }) => (await inboxOf(requester.email)).length));
    expect(counts).toEqual(tickets.map(() => 1));
  });

  it('PKG-19: tells of our replies, in the thread of the ticket, and of no note', async () => {
    const requester = somebody();
    const ticket = new SaidTicket('packages', requester);
    await under.neighbours.say('tickets', ticket.opened());
    await under.neighbours.say('tickets', ticket.said('agent', AGENT, 'Not for customers', { internal: true }));
    const last = await under.neighbours.say('tickets', ticket.said('agent', AGENT, 'Please try <b>again</b> & tell us.'));
    await settled(last.id);
    const mails = await mailsTo(requester.email, 2);
    expect(mails).toHaveLength(2);
    const reply = mails.find((mail) => mail.subject.endsWith('The door stays shut') && !mail.subject.includes('We have'))!;
    expect(reply.text).toContain('Alex Agent wrote:\n\nPlease try <b>again</b> & tell us.');
    expect(new Set(mails.map((mail) => mail.headers['references']))).toEqual(
      new Set([`<ticket-${ticket.id}@packages.example>`]),
    );
  });

  it('OFC-12: the customer hears of the solution once, in the agent’s words where there are some', async () => {
    const [plain, told] = [somebody(), somebody()];
    const resolved = { from: 'in_progress', fromKind: 'OPEN', to: 'resolved', toKind: 'SOLVED' };
    const first = new SaidTicket('officehours', plain);
    const second = new SaidTicket('officehours', told);
    for (const ticket of [first, second]) await under.neighbours.say('tickets', ticket.opened());
    const one = await under.neighbours.say('tickets', first.moved('ticket.resolved', resolved));
    await under.neighbours.say('tickets', second.said('agent', AGENT, 'It works again.'));
    const two = await under.neighbours.say('tickets', second.moved('ticket.resolved', { ...resolved, customerTold: true }));
    await settled(one.id);
    await settled(two.id);
    const subjects = async (address: string): Promise<string[]> => (await inboxOf(address)).map((mail) => mail.subject);
    expect((await subjects(plain.email)).filter((subject) => subject.includes('Resolved'))).toHaveLength(1);
    expect((await subjects(told.email)).filter((subject) => subject.includes('Resolved'))).toHaveLength(0);
    expect((await inboxOf(told.email)).filter((mail) => mail.text.includes('It works again.'))).toHaveLength(1);
  });

  it('FLT-11: a ticket that solves itself is told of once, with the rule’s own mail', async () => {
    const requester = somebody();
    const ticket = new SaidTicket('fleet', requester);
    await under.neighbours.say('tickets', ticket.opened());
    const move = { from: 'pending', fromKind: 'PENDING', to: 'solved', toKind: 'SOLVED', cause: 'lifecycle' };
    const event = await under.neighbours.say(
      'tickets',
      ticket.moved('ticket.resolved', { ...move, actor: undefined, lifecycleRule: 'solve_when_silent' }),
    );
    await settled(event.id);
    const mails = (await inboxOf(requester.email)).filter((mail) => mail.subject.includes('Solved'));
    expect(mails.map((mail) => mail.text)).toEqual([expect.stringContaining('not heard from you for 72 hours')]);
  });

  it('writes in the language of the ticket, and money as that language does (SHP-3)', async () => {
    const requester = somebody();
    const ticket = new SaidTicket('webshop', requester, { language: 'de' });
    const opened = await under.neighbours.say('tickets', ticket.opened());
    await settled(opened.id);
    const paid = await under.neighbours.say('billing', ticket.bought('captured', { productId: 'priority' }));
    await settled(paid.id);
    const mails = await mailsTo(requester.email, 2);
    expect(mails.map((mail) => mail.subject).sort()).toEqual([
      `[#${ticket.number}] Dein Ticket hat Priorität`,
      `[#${ticket.number}] Wir haben deine Frage`,
    ]);
    expect(mails.map((mail) => mail.text).join()).toMatch(/4,90\s€ wurden bezahlt, davon 0,78\s€ Steuer/);
  });

  it('HST-9: a kind of mail goes where the customer wants it, the others to the registered address', async () => {
    const person = somebody();
    const billing = `invoices-${person.accountId}@example.com`;
    const created = await under.neighbours.say('accounts', accountCreated('hosting', person));
    await settled(created.id);
    const caller = { deskId: 'hosting', accountId: person.accountId, email: person.email };
    const preferences = under.preferences(caller);
    const wanted = { requestId: newId(), kind: 'invoices_orders', email: billing };
    await preferences.setMailAddress(wanted);
    await preferences.setMailAddress(wanted);
    const { addresses } = await preferences.listMailAddresses({});
    expect(addresses).toEqual([
      { kind: 'invoices_orders', email: billing, registered: false },
      { kind: 'technical_support', email: person.email, registered: true },
      { kind: 'abuse', email: person.email, registered: true },
    ]);
    const ticket = new SaidTicket('hosting', { ...person, email: 'old@example.com' });
    const opened = await under.neighbours.say('tickets', ticket.opened());
    await settled(opened.id);
    const paid = await under.neighbours.say('billing', ticket.bought('captured', { productId: 'call_back' }));
    await settled(paid.id);
    expect((await mailsTo(billing, 1)).map((mail) => mail.subject)).toEqual(['Your invoice']);
    expect(await mailsTo(person.email, 1)).toHaveLength(1);
    await preferences.setMailAddress({ requestId: newId(), kind: 'invoices_orders', email: '' });
    expect((await preferences.listMailAddresses({})).addresses[0]).toMatchObject({ email: person.email, registered: true });
    await expect(preferences.setMailAddress({ requestId: newId(), kind: 'gossip', email: 'no address' })).rejects.toMatchObject({
      message: expect.stringMatching(/kind.*email/),
    });
  });

  it('PKG-4, PKG-6: invites with the introduction, and tells managers of another package', async () => {
    const manager = somebody();
    const organisationId = await under.neighbours.organisation('packages', 'Acme', 'basic', MONDAY);
    const roles = ['customer', 'account_manager'];
    const created = await under.neighbours.say('accounts', accountCreated('packages', manager, { organisationId, roles }));
    await under.neighbours.say('accounts', accountCreated('packages', somebody(), { organisationId }));
    const link = 'https://service.packages.example/invitations/inv_1';
    const invitation = { ...manager, deskId: 'packages', organisationId, language: 'en', link, expiresAt: MONDAY.toISOString() };
    await under.neighbours.say('accounts', {
      type: 'invitation.sent',
      aggregateId: manager.accountId,
      deskId: 'packages',
      occurredAt: MONDAY,
      data: InvitationSent.toJSON(invitation) as object,
    });
    await settled(created.id);
    await under.neighbours.organisation('packages', 'Acme', 'gold', MONDAY, organisationId);
    const mails = await mailsTo(manager.email, 2);
    expect(mails.map((mail) => mail.subject).sort()).toEqual([
      expect.stringMatching(/^Your package is now Gold/),
      expect.stringMatching(/^Your service account at /),
    ]);
    expect(mails.map((mail) => mail.text).join()).toContain(link);
    expect(await under.rows(`SELECT FROM delivery WHERE template = 'package_changed'`)).toHaveLength(1);
  });

  it('PKG-17: asks when the timer of a problem runs out', async () => {
    const requester = somebody();
    const ticket = new SaidTicket('packages', requester, { type: 'problem' });
    await under.neighbours.say('tickets', ticket.opened());
    const move = { from: 'open', fromKind: 'OPEN', to: 'awaiting_reply', toKind: 'PENDING' };
    await under.neighbours.say('tickets', ticket.moved('ticket.status_changed', move));
    await silence(ticket, 2);
    const mails = await mailsTo(requester.email, 2);
    expect(mails.map((mail) => mail.subject)).toContain(`[#${ticket.number}] How do things stand?`);
  });

  it('PKG-17: asks once, counted from our last reply, where we have replied again', async () => {
    const requester = somebody();
    const ticket = new SaidTicket('packages', requester, { type: 'problem' });
    await under.neighbours.say('tickets', ticket.opened());
    await under.neighbours.say('tickets', ticket.said('agent', AGENT, 'Does it work now?'));
    const move = { from: 'open', fromKind: 'OPEN', to: 'awaiting_reply', toKind: 'PENDING' };
    await under.neighbours.say('tickets', ticket.moved('ticket.status_changed', move));
    const again = await under.neighbours.say('tickets', ticket.said('agent', AGENT, 'Any news?'));
    await settled(again.id);
    const asked = async (): Promise<number> =>
      (await inboxOf(requester.email)).filter((mail) => mail.subject === `[#${ticket.number}] How do things stand?`).length;
    await settled((await silence(ticket, 2)).id);
    expect(await asked()).toBe(0);
    await settled((await silence(ticket, again.sequence)).id);
    expect(await asked()).toBe(1);
  });

  it('tells nobody of tickets that were moved in from elsewhere', async () => {
    const requester = somebody();
    const ticket = new SaidTicket('packages', requester, { imported: true });
    await under.neighbours.say('tickets', ticket.opened());
    const last = await under.neighbours.say('tickets', ticket.said('agent', AGENT, 'Long ago.'));
    await settled(last.id);
    expect(await under.rows('SELECT FROM delivery WHERE ticket_id = $1', [ticket.id])).toEqual([]);
  });

  it('shows deliveries to their own desk only, page by page', async () => {
    const ticket = new SaidTicket('packages', somebody());
    await under.neighbours.say('tickets', ticket.opened());
    for (const body of ['one', 'two']) await under.neighbours.say('tickets', ticket.said('agent', AGENT, body));
    const staff = under.deliveries({ deskId: 'packages', roles: ['lead'] });
    const all = await eventually('three deliveries', async () => {
      const { deliveries } = await staff.listDeliveries({ ticketId: ticket.id, ...PAGE });
      return deliveries.length === 3 && deliveries.map(({ id }) => id);
    });
    const first = await staff.listDeliveries({ ticketId: ticket.id, pageSize: 2, pageToken: '' });
    const second = await staff.listDeliveries({ ticketId: ticket.id, pageSize: 2, pageToken: first.nextPageToken });
    expect([...first.deliveries, ...second.deliveries].map(({ id }) => id)).toEqual(all);
    expect(second.nextPageToken).toBe('');
    const other = under.deliveries({ deskId: 'fleet', roles: ['admin'] });
    expect(await other.listDeliveries({ ticketId: ticket.id, ...PAGE })).toEqual({ deliveries: [], nextPageToken: '' });
    await expect(under.deliveries({ deskId: 'packages' }).listDeliveries({ ticketId: '', ...PAGE })).rejects.toMatchObject({ code: 7 });
  });
});

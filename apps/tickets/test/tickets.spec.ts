import { status } from '@grpc/grpc-js';
import type { ListTicketsResponse } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { PurchaseChanged } from '#contracts/generated/priolane/events/v1/billing_events.js';
import type { Caller } from '#kernel/caller.js';
import { newId } from '#kernel/ids.js';
import { eventually } from '#testing/neighbours.js';
import { ask, problem, say } from './requests.js';
import { startTickets, type TicketsUnderTest } from './service.js';

const agent: Partial<Caller> = { deskId: 'webshop', roles: ['agent'], accountId: newId(), name: 'Alex Agent' };
const DAY = 24 * 3600 * 1000;

describe('tickets', () => {
  let under: TicketsUnderTest;

  beforeAll(async () => {
    under = await startTickets(['webshop', 'packages', 'fleet']);
  });

  afterAll(() => under?.stop());

  const eventsOf = (ticketId: string, count: number) =>
    eventually(`${count} events`, async () => {
      const heard = await under.neighbours.heard('tickets', ticketId);
      return heard.length >= count && heard;
    });

  it('opens a ticket with its message and one event', async () => {
    const customer = under.tickets({ deskId: 'webshop' });
    const { ticket } = await customer.createTicket(ask());
    expect(ticket).toMatchObject({ deskId: 'webshop', status: 'open', lane: 'normal', sequence: '1' });
    const { messages } = await customer.listMessages({ ticketId: ticket!.number, pageSize: 0, pageToken: '' });
    expect(messages.map((m) => m.body)).toEqual(['Since this morning the checkout page shows nothing at all.']);
    expect(await eventsOf(ticket!.id, 1)).toEqual([expect.objectContaining({ type: 'ticket.opened', sequence: 1 })]);
  });

  it('names every fault of a request at once', async () => {
    const refused = under.tickets({ deskId: 'packages' }).createTicket(problem({ requestId: '', subject: '', priority: '', fields: {} }));
    await expect(refused).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    const { violations } = await refused.catch((error) => error);
    expect(violations.map((v: { field: string }) => v.field).sort()).toEqual([
      'fields.module',
      'fields.problem_kind',
      'priority',
      'request_id',
      'subject',
    ]);
  });

  it('refuses with the desk’s own reason, and hands the text back (SHP-4, FLT-2)', async () => {
    const shop = under.tickets({ deskId: 'webshop' }).createTicket(ask({ priority: 'high' }));
    await expect(shop).rejects.toMatchObject({
      code: status.FAILED_PRECONDITION,
      reason: 'PRIORITY_IS_PAID',
      metadata: expect.objectContaining({ body: 'Since this morning the checkout page shows nothing at all.' }),
    });
    const fleet = under.tickets({ deskId: 'fleet' }).createTicket(ask({ priority: 'urgent', fields: {} }));
    await expect(fleet).rejects.toMatchObject({ reason: 'URGENT_BY_PHONE' });
  });

  it('answers a repeated request with the same ticket, and another request under its id with a refusal', async () => {
    const caller = { deskId: 'webshop', accountId: newId() };
    const request = ask();
    const [first, second] = await Promise.all([
      under.tickets(caller).createTicket(request),
      under.tickets(caller).createTicket(request),
    ]);
    expect(second).toEqual(first);
    expect(await under.tickets(caller).createTicket(request)).toEqual(first);
    expect(await eventsOf(first.ticket!.id, 1)).toHaveLength(1);
    await expect(under.tickets(caller).createTicket({ ...request, subject: 'Another' })).rejects.toMatchObject({
      code: status.ALREADY_EXISTS,
      reason: 'REQUEST_ID_REUSED',
    });
  });

  it('shows a ticket to its requester and the desk’s staff, and to nobody else', async () => {
    const { ticket } = await under.tickets({ deskId: 'webshop' }).createTicket(ask());
    const id = ticket!.id;
    await expect(under.tickets(agent).getTicket({ ticketId: id })).resolves.toMatchObject({ ticket: { id } });
    for (const stranger of [{ deskId: 'webshop' }, { deskId: 'packages' }, { ...agent, deskId: 'packages' }]) {
      const tickets = under.tickets(stranger);
      const denied = { code: status.NOT_FOUND, reason: 'TICKET_NOT_FOUND' };
      await expect(tickets.getTicket({ ticketId: id })).rejects.toMatchObject(denied);
      await expect(tickets.addMessage(say(id, 'hello'))).rejects.toMatchObject(denied);
      await expect(tickets.listMessages({ ticketId: id, pageSize: 0, pageToken: '' })).rejects.toMatchObject(denied);
      await expect(under.queue(stranger).explainRank({ ticketId: id })).rejects.toMatchObject(denied);
    }
  });

  it('lets colleagues see the organisation’s tickets where the desk says so (PKG-14)', async () => {
    const organisationId = newId();
    const { ticket } = await under.tickets({ deskId: 'packages', organisationId }).createTicket(problem());
    const colleague = under.tickets({ deskId: 'packages', organisationId });
    const view = { view: 'organisation', statusKinds: [], pageSize: 0, pageToken: '', externalReference: '' };
    const { tickets } = await colleague.listTickets(view);
    expect(tickets.map((t) => t.id)).toEqual([ticket!.id]);
    expect((await under.tickets({ deskId: 'packages' }).listTickets(view)).tickets).toEqual([]);
  });

  it('lists page by page, newest first, whatever kinds of status they are of', async () => {
    const customer = under.tickets({ deskId: 'packages' });
    const opened: string[] = [];
    for (let i = 0; i < 5; i += 1) opened.unshift((await customer.createTicket(problem())).ticket!.id);
    const staff = under.tickets({ ...agent, deskId: 'packages' });
    const solved = [opened[1]!, opened[4]!];
    for (const ticketId of solved) await staff.changeStatus({ requestId: newId(), ticketId, status: 'solved', fault: '' });

    const pagesOf = async (statusKinds: string[]): Promise<string[][]> => {
      const pages: string[][] = [];
      for (let pageToken: string | undefined; pageToken !== ''; ) {
        const request = { view: '', statusKinds, pageSize: 2, pageToken: pageToken ?? '', externalReference: '' };
        const answer: ListTicketsResponse = await customer.listTickets(request);
        pages.push(answer.tickets.map(({ id }) => id));
        pageToken = answer.nextPageToken;
      }
      return pages;
    };
    expect(await pagesOf([])).toEqual([opened.slice(0, 2), opened.slice(2, 4), opened.slice(4)]);
    expect(await pagesOf(['SOLVED', 'SOLVED'])).toEqual([solved]);
    expect(await pagesOf(['NEW', 'OPEN', 'PENDING', 'ON_HOLD'])).toEqual([[opened[0], opened[2]], [opened[3]]]);
    expect(await pagesOf(['CLOSED'])).toEqual([[]]);
  });

  it('keeps internal notes from customers', async () => {
    const customer = under.tickets({ deskId: 'webshop' });
    const { ticket } = await customer.createTicket(ask());
    await under.tickets(agent).addMessage(say(ticket!.id, 'Looks like the theme.', { internal: true }));
    const { messages } = await customer.listMessages({ ticketId: ticket!.id, pageSize: 0, pageToken: '' });
    expect(messages).toHaveLength(1);
    await expect(customer.addMessage(say(ticket!.id, 'psst', { internal: true }))).rejects.toMatchObject({
      violations: [{ field: 'internal', description: 'only agents write internal notes' }],
    });
  });

  it('PKG-16: a reply at exactly 14 days reopens, one a second later does not and is handed back', async () => {
    const customer = under.tickets({ deskId: 'packages' });
    const staff = under.tickets({ ...agent, deskId: 'packages' });
    const opened = [await customer.createTicket(problem()), await customer.createTicket(problem())];
    for (const { ticket } of opened) {
      await staff.changeStatus({ requestId: newId(), ticketId: ticket!.id, status: 'solved', fault: '' });
    }
    const start = under.clock.now();
    under.clock.set(new Date(start.getTime() + 14 * DAY));
    const customerLater = await latecomer(opened[0]!.ticket!.requester!.accountId, opened[0]!.ticket!.organisationId);
    const reopened = await customerLater.addMessage(say(opened[0]!.ticket!.id, 'Back again'));
    expect(reopened.ticket).toMatchObject({ status: 'open' });
    under.clock.advance(1000);
    await expect(customerLater.addMessage(say(opened[1]!.ticket!.id, 'Me too'))).rejects.toMatchObject({
      reason: 'REOPEN_PERIOD_OVER',
      metadata: expect.objectContaining({ body: 'Me too' }),
    });
    expect((await eventsOf(opened[0]!.ticket!.id, 4)).map((e) => e.type)).toEqual([
      'ticket.opened',
      'ticket.resolved',
      'ticket.message_added',
      'ticket.reopened',
    ]);
  });

  /** Tokens are short-lived: after a jump in time the same person signs in again. */
  const latecomer = async (accountId: string, organisationId: string) =>
    under.tickets({ deskId: 'packages', accountId, organisationId });

  it('names the current and the allowed states when a move is illegal', async () => {
    const { ticket } = await under.tickets({ deskId: 'webshop' }).createTicket(ask());
    const staff = under.tickets(agent);
    const move = (to: string) => staff.changeStatus({ requestId: newId(), ticketId: ticket!.id, status: to, fault: '' });
    await move('answered');
    await expect(move('parked')).rejects.toMatchObject({
      code: status.FAILED_PRECONDITION,
      reason: 'ILLEGAL_TRANSITION',
      metadata: { current: 'answered', allowed: 'open' },
    });
  });

  it('SHP-3: a captured purchase moves the ticket to the head of the queue, however often it is said', async () => {
    const customer = under.tickets({ deskId: 'webshop' });
    await customer.createTicket(ask());
    const { ticket } = await customer.createTicket(ask());
    const purchaseId = newId();
    const captured = {
      type: 'purchase.captured',
      aggregateId: purchaseId,
      deskId: 'webshop',
      occurredAt: under.clock.now(),
      data: PurchaseChanged.toJSON(
        PurchaseChanged.fromPartial({ purchaseId, ticketId: ticket!.id, productKind: 'priority_fee', effectLane: 'priority' }),
      ) as object,
    };
    await under.neighbours.say('billing', captured);
    await under.neighbours.say('billing', captured);
    await eventsOf(ticket!.id, 2);
    const rank = await under.queue(agent).explainRank({ ticketId: ticket!.id });
    expect(rank).toMatchObject({ rank: '1', reasons: [{ key: 'lane', value: 'priority', ahead: '0' }, { key: 'opened' }] });
    const { ticket: claimed } = await under.queue(agent).claimNext({ requestId: newId() });
    expect(claimed).toMatchObject({ id: ticket!.id, lane: 'priority', assigneeAccountId: agent.accountId });
    expect(await eventsOf(ticket!.id, 3)).toHaveLength(3);
  });

  it('PKG-8, PKG-9: a request becomes a problem with its first priority, which does not go away by the type', async () => {
    const customer = under.tickets({ deskId: 'packages' });
    const { ticket } = await customer.createTicket(problem({ type: 'service_request', priority: '', fields: { module: 'search' } }));
    const to = (parts: object) => ({ requestId: newId(), ticketId: ticket!.id, type: '', department: '', priority: '', ...parts });
    const wish = to({ type: 'problem', priority: 'high' });
    expect((await customer.reclassifyTicket(wish)).ticket).toMatchObject({ type: 'problem', priority: 'high', sequence: '3' });
    await expect(customer.reclassifyTicket(to({ type: 'service_request' }))).rejects.toMatchObject({
      code: status.PERMISSION_DENIED,
      reason: 'PRIORITY_NOT_CORRECTABLE',
      metadata: { correctable_by: 'agent,lead' },
    });
    const { ticket: back } = await under.tickets({ ...agent, deskId: 'packages' }).reclassifyTicket(to({ type: 'service_request' }));
    expect(back).toMatchObject({ type: 'service_request', priority: '', sequence: '5' });
  });

  it('gives twenty agents twenty different tickets', async () => {
    const customer = under.tickets({ deskId: 'fleet' });
    for (let i = 0; i < 20; i += 1) await customer.createTicket(ask({ fields: {} }));
    const claims = await Promise.all(
      Array.from({ length: 20 }, () =>
        under.queue({ deskId: 'fleet', roles: ['agent'] }).claimNext({ requestId: newId() }),
      ),
    );
    expect(new Set(claims.map((claim) => claim.ticket?.id)).size).toBe(20);
    const empty = await under.queue({ deskId: 'fleet', roles: ['agent'] }).claimNext({ requestId: newId() });
    expect(empty.ticket ?? undefined).toBeUndefined();
  });

  it('moves open tickets to their organisation’s new package (PKG-6)', async () => {
    const id = await under.neighbours.organisation('packages', 'Acme', 'basic', under.clock.now());
    const customer = under.tickets({ deskId: 'packages', organisationId: id });
    const { ticket } = await customer.createTicket(problem());
    await under.neighbours.organisation('packages', 'Acme', 'gold', under.clock.now(), id);
    await eventually('the gold package', async () => {
      const now = await customer.getTicket({ ticketId: ticket!.id });
      return now.ticket!.packageId === 'gold';
    });
  });
});

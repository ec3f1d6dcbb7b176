import { status } from '@grpc/grpc-js';
import { DataSource } from 'typeorm';
import { AccountChanged } from '#contracts/generated/priolane/events/v1/account_events.js';
import { TicketOpened } from '#contracts/generated/priolane/events/v1/ticket_events.js';
import type { Ticket } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { newId } from '#kernel/ids.js';
import { RpcError } from '#platform/grpc/rpc-error.js';
import { eventually } from '#testing/neighbours.js';
import { problem, say } from './requests.js';
import { startTickets, type TicketsUnderTest } from './service.js';

const DAY = 24 * 3600 * 1000;
const organisationId = newId();
const kim = { deskId: 'packages', organisationId, accountId: newId(), name: 'Kim', email: 'kim@acme.example' };
const jo = { ...kim, accountId: newId(), name: 'Jo', email: 'jo@acme.example' };
const sam = { ...kim, accountId: newId(), organisationId: newId(), name: 'Sam', email: 'sam@other.example' };
const agent = { deskId: 'packages', roles: ['agent' as const], accountId: newId(), name: 'Alex Agent' };

describe('PKG-16: a follow-up', () => {
  let under: TicketsUnderTest;
  let earlier: Ticket;
  let young: Ticket;

  /** What is asked of a follow-up; the rest is the earlier ticket's. */
  const followUp = (parts: object = {}) =>
    problem({ subject: '', type: '', fields: {}, description: 'It is back.', followUpOfId: earlier.id, ...parts });

  const solvedTicket = async (): Promise<Ticket> => {
    const { ticket } = await under.tickets(kim).createTicket(problem());
    await under.tickets(agent).changeStatus({ requestId: newId(), ticketId: ticket!.id, status: 'solved', fault: '' });
    return ticket!;
  };

  beforeAll(async () => {
    under = await startTickets(['packages']);
    await under.neighbours.organisation('packages', 'Acme', 'gold', under.clock.now(), organisationId);
    await under.neighbours.organisation('packages', 'Other', 'gold', under.clock.now(), sam.organisationId);
    for (const { accountId, organisationId: of, name, email } of [kim, sam]) {
      const data = AccountChanged.toJSON(AccountChanged.fromPartial({ accountId, deskId: 'packages', organisationId: of, name, email, active: true }));
      const account = { aggregateId: accountId, deskId: 'packages', occurredAt: under.clock.now(), data: data as object };
      await under.neighbours.say('accounts', { type: 'account.created', ...account });
    }
    earlier = await solvedTicket();
    under.clock.advance(14 * DAY + 1000);
    young = await solvedTicket();
  });

  afterAll(() => under?.stop());

  it('is shown on both tickets, and by its event', async () => {
    const late = await under.tickets(kim).addMessage(say(earlier.id, 'It is back.')).catch((error) => error);
    expect(late).toMatchObject({ code: status.FAILED_PRECONDITION, reason: 'REOPEN_PERIOD_OVER' });
    expect(late.metadata).toMatchObject({ body: 'It is back.', follow_up_by: 'TicketService/CreateTicket', follow_up_of_id: earlier.id });

    const { body: description, follow_up_of_id: followUpOfId } = late.metadata;
    const { ticket } = await under.tickets(kim).createTicket(followUp({ description, followUpOfId }));
    const { id, number, subject, type, fields } = earlier;
    expect(ticket).toMatchObject({ followUpOf: { id, number }, subject, type, fields, status: 'open', organisationId });
    const read = (caller: object, ticketId: string) => under.tickets(caller).getTicket({ ticketId });
    expect((await read(jo, ticket!.id)).ticket?.followUpOf).toEqual({ id, number });
    for (const caller of [kim, jo, agent]) {
      expect((await read(caller, id)).followUps).toEqual([{ id: ticket!.id, number: ticket!.number }]);
    }
    expect((await read(kim, id)).ticket?.status).toBe('solved');
    const [opened] = await eventually('the event', async () => {
      const heard = await under.neighbours.heard('tickets', ticket!.id);
      return heard.length > 0 && heard;
    });
    expect(TicketOpened.fromJSON(opened!.data).followUpOf).toEqual({ id, number });
  });

  it('is opened once, however often it is asked for', async () => {
    const request = followUp({ followUpOfId: earlier.number });
    const [first, second] = await Promise.all([under.tickets(jo).createTicket(request), under.tickets(jo).createTicket(request)]);
    expect(second).toEqual(first);
    expect(await under.tickets(jo).createTicket(request)).toEqual(first);
    expect(first.ticket).toMatchObject({ followUpOf: { id: earlier.id }, requester: { accountId: jo.accountId } });
    const ofAnother = under.tickets(jo).createTicket({ ...request, followUpOfId: young.id });
    await expect(ofAnother).rejects.toMatchObject({ reason: 'REQUEST_ID_REUSED' });
  });

  it('of another organisation’s ticket is answered as of one that does not exist, with all other faults', async () => {
    const asked = { type: 'problem', priority: '', fields: { module: 'fax' } };
    const attempt = (followUpOfId: string) => under.tickets(sam).createTicket(followUp({ ...asked, followUpOfId })).catch((error) => error);
    const theirs = await attempt(earlier.id);
    expect(theirs.code).toBe(status.INVALID_ARGUMENT);
    expect(theirs.violations.map((v: { field: string }) => v.field).sort()).toEqual([
      'fields.module', 'fields.problem_kind', 'follow_up_of_id', 'priority', 'subject',
    ]);
    for (const unknown of [earlier.number, newId(), '999999999', 'none of these']) {
      expect(await attempt(unknown)).toMatchObject({ code: theirs.code, violations: theirs.violations, message: theirs.message });
    }
  });

  it('is refused while a reply still reaches the ticket', async () => {
    await expect(under.tickets(kim).createTicket(followUp({ followUpOfId: young.id }))).rejects.toMatchObject({
      code: status.FAILED_PRECONDITION,
      reason: 'FOLLOW_UP_TOO_EARLY',
      metadata: expect.objectContaining({ ticket_id: young.id, current: 'solved', reply_by: 'TicketService/AddMessage', body: 'It is back.' }),
    });
  });

  it('waits for a change of the earlier ticket that is under way, and judges what it leaves', async () => {
    const runner = under.service.app.get(DataSource, { strict: false }).createQueryRunner();
    const { ticket } = await under.tickets(kim).createTicket(problem());
    await under.tickets(agent).changeStatus({ requestId: newId(), ticketId: ticket!.id, status: 'solved', fault: '' });
    const solvedLongAgo = new Date(under.clock.now().getTime() - 15 * DAY);
    await runner.query('UPDATE ticket SET solved_at = $2 WHERE id = $1', [ticket!.id, solvedLongAgo]);
    await runner.startTransaction();
    await runner.query(`UPDATE ticket SET status = 'open', status_kind = 'OPEN', solved_at = NULL WHERE id = $1`, [ticket!.id]);
    const attempt = under.tickets(kim).createTicket(followUp({ followUpOfId: ticket!.id })).catch((error) => error);
    await eventually('the follow-up to wait', async () => {
      const [row] = await runner.query(`SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`);
      return row.waiting > 0;
    });
    await runner.commitTransaction();
    await runner.release();
    expect(await attempt).toMatchObject({ reason: 'FOLLOW_UP_TOO_EARLY', metadata: { current: 'open' } });
  });

  it('by an agent is for whom the earlier one was, and for nobody of another organisation', async () => {
    const { ticket } = await eventually('the accounts to be known', () =>
      under.tickets(agent).createTicket(followUp()).catch(unlessSeatUnknown),
    );
    expect(ticket).toMatchObject({ requester: { accountId: kim.accountId, name: 'Kim' }, organisationId, packageId: 'gold' });
    const onBehalfOf = { organisationId: sam.organisationId, accountId: sam.accountId, name: 'Sam', email: sam.email, packageId: '' };
    const forSam = under.tickets(agent).createTicket(followUp({ onBehalfOf, type: 'problem', subject: 'Mine', fields: problem().fields }));
    await expect(forSam).rejects.toMatchObject({ code: status.INVALID_ARGUMENT, violations: [{ field: 'follow_up_of_id' }] });
  });
});

function unlessSeatUnknown(error: unknown): false {
  if (error instanceof RpcError && error.reason === 'SERVICE_ACCOUNT_REQUIRED') return false;
  throw error;
}

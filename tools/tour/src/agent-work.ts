import type { Clock } from '#contracts/generated/priolane/sla/v1/clock.js';
import { ClockState } from '#contracts/generated/priolane/sla/v1/clock.js';
import type { Ticket } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { newId } from '#kernel/ids.js';
import type { Session } from '#testing/stack/session.js';
import { expect, given } from './report.js';
import type { Visit } from './visit.js';

export const message = (ticketId: string, body: string, status = '', fault = '') => ({
  requestId: newId(),
  ticketId,
  body,
  internal: false,
  status,
  fault,
});

/** Takes what an earlier, broken-off tour left in the queue, so that this one's ticket is next. */
export async function workOffQueue(agent: Session, solved: string): Promise<number> {
  for (let done = 0; ; done += 1) {
    const { ticket } = await agent.queue.claimNext({ requestId: newId() });
    if (!ticket) return done;
    await agent.tickets.changeStatus({ requestId: newId(), ticketId: ticket.id, status: solved, fault: '' });
  }
}

/** Claims the next ticket and sees that it is the one. */
export async function claim(agent: Session, ticketId: string): Promise<Ticket> {
  const ticket = given((await agent.queue.claimNext({ requestId: newId() })).ticket, 'the next ticket');
  expect(ticket.id === ticketId, `the next ticket is ${ticket.number}, not the one that stands first`);
  return ticket;
}

/** Waits until the SLA service says that the first response was in time. */
export function firstResponseMet(visit: Visit, agent: Session, ticketId: string): Promise<Clock> {
  return visit.soon('the first-response clock to be met', async () => {
    const { clocks } = await agent.clocks.listClocks({ ticketId });
    const clock = clocks.find((c) => c.target === 'first_response');
    expect(clock?.state !== ClockState.CLOCK_STATE_BREACHED, 'the first response came too late');
    return clock?.state === ClockState.CLOCK_STATE_MET && clock;
  });
}

/** Solved, reopened by the customer's reply, solved again; answers the ticket as it is then. */
export async function solveReopenSolve(
  visit: Visit,
  people: { readonly customer: Session; readonly agent: Session },
  ticketId: string,
  solved: string,
): Promise<Ticket> {
  const { report } = visit;
  const { customer, agent } = people;
  const solve = (body: string) => agent.tickets.addMessage(message(ticketId, body, solved)).then((r) => r.ticket!);

  const first = await report.step('the agent solves it', () => solve('That should be it.'), statusOf);
  expectKind(first, 'SOLVED');
  const again = await report.step(
    'the customer’s reply reopens it',
    () => customer.tickets.addMessage(message(ticketId, 'It is back.')).then((r) => r.ticket!),
    statusOf,
  );
  expectKind(again, 'OPEN');
  const last = await report.step('the agent solves it again', () => solve('Now for good.'), statusOf);
  expectKind(last, 'SOLVED');
  return last;
}

function expectKind(ticket: Ticket, kind: string): void {
  expect(ticket.statusKind === kind, `the ticket is ${ticket.status} (${ticket.statusKind}), not ${kind}`);
}

export const statusOf = (ticket: Ticket): object => ({ status: ticket.status });

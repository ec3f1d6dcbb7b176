import { newId } from '#kernel/ids.js';
import { DEMO_PASSWORD } from '#testing/stack/demo-data.js';
import { claim, firstResponseMet, message, solveReopenSolve, workOffQueue } from './agent-work.js';
import { expect } from './report.js';
import type { Visit } from './visit.js';

/** Service packages with seats: the package decides how fast (PKG-2, PKG-8, PKG-14 to PKG-16). */
export async function packages(visit: Visit): Promise<void> {
  const { report, use } = visit;
  const desk = 'packages';
  const email = `kim@nordlicht-${desk}.example`;
  const customer = use.person(desk, email, DEMO_PASSWORD);
  const colleague = use.person(desk, `mia@nordlicht-${desk}.example`, DEMO_PASSWORD);
  const stranger = use.person(desk, `sam@suedwind-${desk}.example`, DEMO_PASSWORD);
  const agent = use.person(desk, `agent@${desk}.example`, DEMO_PASSWORD);
  report.chapter('packages: what the Gold package promises');

  await report.step('the agent has an empty queue', () => workOffQueue(agent, 'solved'), (n) => ({ 'left over': n }));
  const asked = await report.step(
    'a customer signs in, asks, and is shown answers',
    () => customer.knowledge.askQuestion({ requestId: newId(), text: 'Our search finds nothing', language: 'en' }),
    ({ answers }) => ({ best: `"${answers[0]?.article?.title}"` }),
  );
  expect(asked.answers[0]?.article?.slug === 'search-finds-nothing', 'the article on the search is not the best answer');
  const ticket = await report.step(
    'opens a problem with high priority',
    () =>
      customer.tickets
        .createTicket({
          requestId: newId(),
          subject: 'The search finds nothing',
          description: 'Nobody here finds documents of this week.',
          type: 'problem',
          department: '',
          priority: 'high',
          channel: '',
          fields: { module: 'search', problem_kind: 'other' },
          language: '',
          questionId: asked.questionId,
          onBehalfOf: null,
        })
        .then((r) => r.ticket!),
    ({ number, id, packageId }) => ({ number, id, package: packageId }),
  );
  const ticketId = ticket.id;
  expect(ticket.packageId === 'gold', `the ticket has the package "${ticket.packageId}", not gold`);
  const due = await report.step(
    'the SLA service knows when the answer is due, and why',
    () =>
      visit.soon('a due time', async () => {
        const { clocks } = await customer.clocks.listClocks({ ticketId });
        if (!clocks.some((clock) => clock.target === 'first_response' && clock.dueAt)) return undefined;
        return customer.clocks.explainDeadline({ ticketId, target: 'first_response', cycle: 0 });
      }),
    ({ clock, summary }) => ({ policy: clock!.policyId, zone: clock!.timeZoneDataVersion, summary: `"${summary.split('\n', 1)[0]}"` }),
  );
  expect(due.intervals.length > 0, 'the explanation has no intervals');

  const view = { view: 'organisation', statusKinds: [], pageSize: 10, pageToken: '', externalReference: '' };
  const seen = await report.step('a colleague sees it', () => colleague.tickets.listTickets(view), (r) => ({ tickets: r.tickets.length }));
  expect(seen.tickets.some((t) => t.id === ticketId), 'the colleague does not see the ticket');
  await report.step('another company’s valid token does not', async () => {
    const answer = await stranger.tickets.getTicket({ ticketId }).then(() => 'OK', (error: { reason?: string }) => error.reason);
    expect(answer === 'TICKET_NOT_FOUND', `the stranger got ${answer}`);
  });
  await report.step('an agent claims it', () => claim(agent, ticketId), (t) => ({ number: t.number }));
  const answer = `The index runs again. (${ticket.number})`;
  const replied = await report.step('and replies', () => agent.tickets.addMessage(message(ticketId, answer)), (r) => ({ status: r.ticket!.status }));
  expect(replied.ticket!.statusKind === 'PENDING', 'the ticket does not wait for the customer');
  await report.step('the customer has it as mail', () => visit.mailbox.arrives(email, answer), (mail) => ({ subject: `"${mail.subject}"` }));
  await report.step('the SLA clock is met', () => firstResponseMet(visit, agent, ticketId), (clock) => ({ policy: clock.policyId, 'used seconds': clock.usedSeconds }));
  const solved = await solveReopenSolve(visit, { customer, agent }, ticketId, 'solved');
  await report.step('every event is on the bus, in order, without a gap', () => visit.events(ticketId, Number(solved.sequence)), (events) => ({
    events: events.map((event) => `${event.sequence} ${event.type}`).join(' · '),
  }));
}

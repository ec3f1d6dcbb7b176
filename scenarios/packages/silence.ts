import { expectAt, expectEqual } from '../runner/expect.js';
import { history } from '../runner/history.js';
import { rule } from '../runner/scenario.js';
import { after, before, instant } from '../runner/time.js';
import { PROBLEM, SERVICE_REQUEST } from './requests.js';

/** What becomes of tickets that the customer does not answer: PKG-17. */
export const packagesSilence = [
  rule('PKG-17', 'silence closes a request after 30 days; a problem is asked after, and closed 5 days later', async (desk) => {
    const { agent, clock, mailbox } = desk;
    const kim = await desk.customer('gold');
    const request = await kim.opens(SERVICE_REQUEST);
    const problem = await kim.opens(PROBLEM);
    const answered = await kim.opens(PROBLEM);
    const answeredRequest = await kim.opens(SERVICE_REQUEST);
    const restarted = await kim.opens(SERVICE_REQUEST);
    const open = await kim.opens(SERVICE_REQUEST);
    const question = 'Does it work now?';
    for (const ticket of [restarted, answeredRequest]) await agent.replies(ticket, question);
    const ours = await agent.replies(request, question);
    const toProblem = await agent.replies(problem, question);
    const toAnswered = await agent.replies(answered, question);

    await clock.to(after(ours.sentAt, { days: 20 }));
    const again = await agent.replies(restarted, 'And now?');
    await agent.replies(request, 'They do not answer.', { internal: true });
    await clock.to(before(after(ours.sentAt, { days: 30 }), { seconds: 30 }));
    expectEqual('a reply in time', (await kim.replies(answeredRequest, 'It does.')).ticket.status, 'open');
    await desk.ticketStays(request, 'awaiting_reply');
    expectEqual('the question, before its time', await mailbox.count(kim.email, 'How do things stand?'), 0);

    await clock.to(after(toAnswered.sentAt, { days: 30, seconds: 2 }));
    const closed = await desk.ticketBecomes(request, 'solved');
    expectAt('the request is closed', instant(closed.solvedAt), after(ours.sentAt, { days: 30 }));
    await mailbox.arrives(kim.email, `[#${request.number}] Closed`);
    for (const ticket of [problem, answered]) {
      await mailbox.arrives(kim.email, `[#${ticket.number}] How do things stand?`);
      await desk.ticketStays(ticket, 'awaiting_reply');
    }

    await clock.to(before(after(toProblem.sentAt, { days: 35 }), { seconds: 30 }));
    expectEqual('an answer after the question', (await kim.replies(answered, 'It does.')).ticket.status, 'open');
    await desk.ticketStays(problem, 'awaiting_reply');
    await clock.to(after(toAnswered.sentAt, { days: 35, seconds: 2 }));
    const closedProblem = await desk.ticketBecomes(problem, 'solved');
    expectAt('the problem is closed', instant(closedProblem.solvedAt), after(toProblem.sentAt, { days: 35 }));
    await mailbox.arrives(kim.email, `[#${problem.number}] Closed`);

    await desk.ticketStays(restarted, 'awaiting_reply');
    await clock.to(after(again.sentAt, { days: 30, seconds: 2 }));
    const closedLater = await desk.ticketBecomes(restarted, 'solved');
    expectAt('30 days after the further reply', instant(closedLater.solvedAt), after(again.sentAt, { days: 30 }));
    await clock.advance({ days: 100 });
    const witness = await kim.opens(SERVICE_REQUEST);
    const last = await agent.replies(witness, question);
    await clock.to(after(last.sentAt, { days: 30, seconds: 2 }));
    await desk.ticketBecomes(witness, 'solved');
    for (const ticket of [answered, answeredRequest, open]) await desk.ticketStays(ticket, 'open');
    expectEqual('questions to the problem', await mailbox.count(kim.email, `[#${problem.number}] How do things stand?`), 1);
  }),

  rule('PKG-17', 'a reply at the very instant is in time', async (desk) => {
    const start = after(desk.clock.now(), { hours: 1 });
    await desk.clock.to(after(start, { days: 36 }));
    const openedAt = before(start, { hours: 1 });
    const asked = [history.agent(start), history.status('awaiting_reply', start)];
    for (const [like, days] of [[{ type: 'service_request' }, 30], [{ type: 'problem', priority: 'low' }, 35]] as const) {
      const due = after(start, { days });
      const silent = await desk.imports(openedAt, asked, like);
      const inTime = await desk.imports(openedAt, [...asked, history.customer(due), history.status('open', due)], like);
      expectAt('without a reply', instant((await desk.ticketBecomes(silent, 'solved')).solvedAt), due);
      await desk.ticketStays(inTime, 'open');
    }
  }),
];

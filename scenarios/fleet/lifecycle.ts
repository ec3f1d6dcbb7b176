import { expectAt, expectEqual, expectRefused, faultyFields } from '../runner/expect.js';
import { history } from '../runner/history.js';
import { rule } from '../runner/scenario.js';
import { after, before, instant } from '../runner/time.js';

const PENDING = { status: 'pending' };

/** What becomes of fleet tickets: FLT-9 to FLT-12. */
export const fleetLifecycle = [
  rule('FLT-9', '“My open tickets” are one’s own that are not solved', async (desk) => {
    const company = await desk.company();
    const [kim, colleague] = [await company.customer('Kim'), await company.customer('Jo')];
    const [open, pending, onHold, solved] = [await kim.opens(), await kim.opens(), await kim.opens(), await kim.opens()];
    await desk.agent.sets(pending, 'pending');
    await desk.agent.sets(onHold, 'on_hold');
    await desk.agent.sets(solved, 'solved');
    const called = await desk.agent.opens({ channel: 'phone', onBehalfOf: company.behalfOf(kim) });
    const foreign = await colleague.opens();

    expectEqual('my open tickets', await kim.lists('my_open'), [called, onHold, pending, open].map(({ number }) => number));
    expectEqual('the colleague’s', await colleague.lists('my_open'), [foreign.number]);
    await kim.replies(solved, 'It is back.');
    await desk.agent.sets(open, 'solved');
    expectEqual('my open tickets', await kim.lists('my_open'), [called, solved, onHold, pending].map(({ number }) => number));
  }),

  rule('FLT-10', 'Open, Pending, On hold and Solved, and no other', async (desk) => {
    const known = desk.document.statuses.map(({ id, kind, label, description }) => [id, kind, label['en'], description?.['en']]);
    expectEqual('the statuses', known, [
      ['open', 'OPEN', 'Open', 'We work on it.'],
      ['pending', 'PENDING', 'Pending', 'We wait for you.'],
      ['on_hold', 'ON_HOLD', 'On hold', 'Unexpected behaviour found, a fix is under way.'],
      ['solved', 'SOLVED', 'Solved', 'Archived.'],
    ]);
    const kim = await desk.customer();
    const ticket = await kim.opens();
    expectEqual('a new ticket', [ticket.status, ticket.statusKind], ['open', 'OPEN']);
    const due = after(instant(ticket.openedAt), { hours: 120 });
    await desk.deadlines.become(ticket, 'resolution', { state: 'RUNNING', due });

    await desk.agent.sets(ticket, 'pending');
    await desk.deadlines.become(ticket, 'resolution', { state: 'PAUSED' });
    const answered = await kim.replies(ticket, 'Here is what you asked for.');
    expectEqual('pending, and the customer has answered', answered.ticket.status, 'open');
    expectEqual('on hold', (await desk.agent.sets(ticket, 'on_hold')).statusKind, 'ON_HOLD');
    await desk.deadlines.become(ticket, 'resolution', { state: 'RUNNING' });
    expectEqual('on hold, and the customer writes', (await kim.replies(ticket, 'Any news?')).ticket.status, 'on_hold');
    expectEqual('solved', (await desk.agent.sets(ticket, 'solved')).statusKind, 'SOLVED');
    await desk.deadlines.become(ticket, 'resolution', { state: 'MET' });
    expectEqual('what is archived', await kim.lists('my_solved'), [ticket.number]);

    const illegal = await expectRefused('from solved to pending', desk.agent.sets(ticket, 'pending'), 'ILLEGAL_TRANSITION');
    expectEqual('what the refusal says', [illegal.metadata['current'], illegal.metadata['allowed']], ['solved', 'open']);
    const unknown = await expectRefused('an unknown status', desk.agent.sets(ticket, 'waiting'), 'INVALID_ARGUMENT');
    expectEqual('the field', faultyFields(unknown), ['status']);
    await expectRefused('a customer’s own move', kim.sets(ticket, 'open'), 'ROLE_REQUIRED');
  }),

  rule('FLT-11', 'pending is solved 72 h after our last reply, and on hold never', async (desk) => {
    const { agent, clock } = desk;
    const kim = await desk.customer();
    const [silent, late, restarted, answering, onHold] = await Promise.all(Array.from({ length: 5 }, () => kim.opens()));
    const first = await agent.replies(silent!, 'Which vehicle is it?', PENDING);
    const replyOfLate = await agent.replies(late!, 'Which vehicle is it?');
    await agent.replies(restarted!, 'Which vehicle is it?', PENDING);
    const asked = await agent.replies(answering!, 'Which vehicle is it?', PENDING);
    await agent.replies(onHold!, 'We have found a fault.', { status: 'on_hold' });

    // Only the reply counts: neither when it became pending nor a note of ours.
    await clock.to(after(first.sentAt, { hours: 24 }));
    await agent.sets(late!, 'pending');
    await clock.to(after(first.sentAt, { hours: 30 }));
    await agent.replies(silent!, 'They never answer.', { internal: true });
    await clock.to(after(first.sentAt, { hours: 60 }));
    const again = await agent.replies(restarted!, 'Do you still need us?');

    await clock.to(before(after(asked.sentAt, { hours: 72 }), { seconds: 30 }));
    const answer = await kim.replies(answering!, 'The red van.');
    expectEqual('answered in time', answer.ticket.status, 'open');
    await desk.ticketStays(silent!, 'pending');

    await clock.to(after(asked.sentAt, { hours: 72, seconds: 5 }));
    const solved = await desk.ticketBecomes(silent!, 'solved');
    expectAt('solved by itself', instant(solved.solvedAt), after(first.sentAt, { hours: 72 }));
    const solvedLate = await desk.ticketBecomes(late!, 'solved');
    expectAt('pending only later', instant(solvedLate.solvedAt), after(replyOfLate.sentAt, { hours: 72 }));
    await desk.mailbox.arrives(kim.email, `[#${silent!.number}] Solved`);
    await desk.ticketStays(restarted!, 'pending');

    await clock.to(before(after(again.sentAt, { hours: 72 }), { seconds: 30 }));
    await desk.ticketStays(restarted!, 'pending');
    await clock.to(after(again.sentAt, { hours: 72, seconds: 2 }));
    const solvedAgain = await desk.ticketBecomes(restarted!, 'solved');
    expectAt('72 h after the further reply', instant(solvedAgain.solvedAt), after(again.sentAt, { hours: 72 }));

    // A timer that fires a year later shows that nothing before it did.
    await clock.advance({ days: 365 });
    const witness = await kim.opens();
    const last = await agent.replies(witness, 'Anything else?', PENDING);
    await clock.to(after(last.sentAt, { hours: 73 }));
    await desk.ticketBecomes(witness, 'solved');
    await desk.ticketStays(onHold!, 'on_hold');
    await desk.ticketStays(answering!, 'open');
  }),
  rule('FLT-11', 'a reply at the very instant is in time', async (desk) => {
    const start = after(desk.clock.now(), { hours: 1 });
    const due = after(start, { hours: 72 });
    await desk.clock.to(after(due, { minutes: 5 }));
    const openedAt = before(start, { hours: 1 });
    const asked = [history.agent(start), history.status('pending', start)];
    const inTime = await desk.imports(openedAt, [...asked, history.customer(due), history.status('open', due)]);
    const silent = await desk.imports(openedAt, asked);
    expectAt('without a reply', instant((await desk.ticketBecomes(silent, 'solved')).solvedAt), due);
    await desk.ticketStays(inTime, 'open');
  }),

  rule('FLT-12', 'a customer reply reopens what is solved, however late', async (desk) => {
    const { agent, clock } = desk;
    const kim = await desk.customer();
    const byAgent = await kim.opens();
    await agent.replies(byAgent, 'That was it.', { status: 'solved' });
    const reopened = await kim.replies(byAgent, 'It is back.');
    expectEqual('solved by an agent', [reopened.ticket.status, reopened.ticket.solvedAt], ['open', null]);

    const byItself = await kim.opens();
    const { sentAt } = await agent.replies(byItself, 'Which vehicle is it?', PENDING);
    await clock.to(after(sentAt, { hours: 72, seconds: 1 }));
    await desk.ticketBecomes(byItself, 'solved');
    await agent.sets(byAgent, 'solved');
    await clock.advance({ days: 400 });
    expectEqual('solved by itself', (await kim.replies(byItself, 'The red van.')).ticket.status, 'open');
    expectEqual('solved more than a year ago', (await kim.replies(byAgent, 'Again.')).ticket.status, 'open');
    expectEqual('my open tickets', await kim.lists('my_open'), [byItself.number, byAgent.number]);
    expectEqual('an agent’s later word', (await agent.replies(byAgent, 'We look again.')).ticket.status, 'open');
  }),
];

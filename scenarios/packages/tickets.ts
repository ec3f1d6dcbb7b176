import type { Ticket } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import type { Desk } from '../runner/desk.js';
import { becomes, expectEqual, expectRefused, faultyFields, NotAsTheRuleSays } from '../runner/expect.js';
import { rule } from '../runner/scenario.js';
import { after, instant } from '../runner/time.js';
import { PROBLEM, SERVICE_REQUEST } from './requests.js';

/** What a ticket of the packages desk is, and what is told of it: PKG-8, PKG-9, PKG-15, PKG-19. */
export const packagesTickets = [
  rule('PKG-8', 'a service request has no priority, a problem needs one', async (desk) => {
    const kim = await desk.customer('gold');
    const types = desk.document.ticketTypes.map(({ label }) => label['en']);
    expectEqual('the types', types, ['Service request', 'Problem']);
    const request = await kim.opens(SERVICE_REQUEST);
    expectEqual('the priority of a service request', request.priority, '');
    for (const { id: priority } of desk.document.priorities) {
      const opened = kim.opens({ ...SERVICE_REQUEST, priority });
      await expectRefused(`a service request with ${priority}`, opened, 'SERVICE_REQUEST_HAS_NO_PRIORITY');
      for (const who of [kim, desk.agent]) {
        await expectRefused(`${priority} set afterwards`, who.reclassifies(request, { priority }), 'SERVICE_REQUEST_HAS_NO_PRIORITY');
      }
      expectEqual('the priority of a problem', (await kim.opens({ ...PROBLEM, priority })).priority, priority);
    }
    expectEqual('the priority of the service request', (await kim.sees(request)).priority, '');
    const without = await expectRefused('a problem without one', kim.opens({ ...PROBLEM, priority: '' }), 'INVALID_ARGUMENT');
    expectEqual('what is missing', faultyFields(without), ['priority']);
    const unknown = await expectRefused('an unknown one', kim.opens({ ...PROBLEM, priority: 'urgent' }), 'INVALID_ARGUMENT');
    expectEqual('what is wrong', faultyFields(unknown), ['priority']);
    const turned = await expectRefused('a request that becomes a problem', desk.agent.reclassifies(request, { type: 'problem' }), 'INVALID_ARGUMENT');
    expectEqual('what is missing', faultyFields(turned), ['priority']);
    const back = await desk.agent.reclassifies(await kim.opens(PROBLEM), { type: 'service_request' });
    expectEqual('a problem that becomes a request', [back.type, back.priority], ['service_request', '']);
  }),

  rule('PKG-9', 'agents correct a wrong priority: told, audited, and the deadlines follow', async (desk) => {
    const known = desk.document.priorities.toReversed().map(({ label, description }) => [label['en'], description?.['en']]);
    expectEqual('the priorities', known, [
      ['Low', 'No restriction.'],
      ['Medium', 'Restricted but available, or a workaround exists.'],
      ['High', 'Considerable quality restriction of a service or component.'],
      ['Blocker', 'Complete outage, business-critical, no workaround.'],
    ]);
    const kim = await desk.customer('gold');
    await desk.clock.to(desk.clock.quietWeek().at('Mon 09:00'));
    const ticket = await kim.opens({ ...PROBLEM, priority: 'low' });
    await desk.deadlines.become(ticket, 'first_response', { state: 'RUNNING', due: after(instant(ticket.openedAt), { hours: 2 }) });
    await expectRefused('a customer’s own correction', kim.reclassifies(ticket, { priority: 'blocker' }), 'PRIORITY_NOT_CORRECTABLE');

    expectEqual('the corrected ticket', (await desk.agent.reclassifies(ticket, { priority: 'blocker' })).priority, 'blocker');
    await desk.mailbox.arrives(kim.email, `[#${ticket.number}] Priority is now Blocker`);
    await desk.deadlines.become(ticket, 'first_response', { state: 'RUNNING', due: after(instant(ticket.openedAt), { hours: 1 }) });
    const { actor, ...change } = await correctionOf(desk, ticket);
    expectEqual('what is on record', change, { from: 'low', to: 'blocker', reason: 'priority_corrected' });
    expectEqual('who did it', actor.email, desk.agent.email);
    await desk.agent.reclassifies(ticket, { priority: 'high' });
    await desk.mailbox.arrives(kim.email, `[#${ticket.number}] Priority is now High`);
  }),

  rule('PKG-15', 'Open when new or answered, Awaiting your reply after ours, Solved', async (desk) => {
    const known = desk.document.statuses.map(({ label }) => label['en']);
    expectEqual('the statuses', known, ['Open', 'Awaiting your reply', 'Solved']);
    const company = await desk.company('gold');
    const [kim, colleague] = [await company.customer('Kim'), await company.customer('Jo')];
    const ticket = await kim.opens(PROBLEM);
    expectEqual('a new ticket', ticket.status, 'open');
    expectEqual('a note of ours', (await desk.agent.replies(ticket, 'Odd.', { internal: true })).ticket.status, 'open');
    expectEqual('the customer’s second message', (await kim.replies(ticket, 'And another thing.')).ticket.status, 'open');
    expectEqual('our reply', (await desk.agent.replies(ticket, 'Which page?')).ticket.status, 'awaiting_reply');
    expectEqual('our second reply', (await desk.agent.replies(ticket, 'And when?')).ticket.status, 'awaiting_reply');
    expectEqual('the customer’s reply', (await kim.replies(ticket, 'The first one.')).ticket.status, 'open');
    await desk.agent.replies(ticket, 'Is it better now?');
    expectEqual('a colleague’s reply', (await colleague.replies(ticket, 'It is not.')).ticket.status, 'open');
    const solved = await desk.agent.replies(ticket, 'It is now.', { status: 'solved' });
    expectEqual('solved', [solved.ticket.status, solved.ticket.statusKind], ['solved', 'SOLVED']);
    expectEqual('the customer’s reply to that', (await kim.replies(ticket, 'It is not.')).ticket.status, 'open');
    const unknown = await expectRefused('another status', desk.agent.sets(ticket, 'on_hold'), 'INVALID_ARGUMENT');
    expectEqual('what is wrong', faultyFields(unknown), ['status']);
    await expectRefused('a customer’s own move', kim.sets(ticket, 'solved'), 'ROLE_REQUIRED');
  }),

  rule('PKG-19', 'each reply of ours is told by mail, and nothing else is', async (desk) => {
    const kim = await desk.customer('gold');
    const ticket = await kim.opens(PROBLEM);
    const replies = [1, 2, 3].map((n) => `Answer ${n} on ${ticket.number}.`);
    await desk.agent.replies(ticket, replies[0]!);
    await desk.agent.replies(ticket, `A secret of ${ticket.number}.`, { internal: true });
    await kim.replies(ticket, `A question on ${ticket.number}.`);
    await desk.lead.replies(ticket, replies[1]!);
    await desk.agent.replies(ticket, replies[2]!, { status: 'solved' });
    for (const words of replies) {
      const mail = await desk.mailbox.arrives(kim.email, words);
      expectEqual('the ticket’s number in the subject', mail.subject.includes(`[#${ticket.number}]`), true);
      expectEqual('the link to the ticket', mail.text.includes(`https://service.packages.example/tickets/${ticket.number}`), true);
    }
    await becomes('mails of replies', async () => (await desk.deliveries(ticket, 'reply')).filter(({ state }) => state === 'sent').length, 3);
    for (const words of ['A secret of', 'A question on']) {
      expectEqual(`mails with “${words}”`, await desk.mailbox.count(kim.email, `${words} ${ticket.number}`), 0);
    }
    for (const words of replies) expectEqual(`mails with “${words}”`, await desk.mailbox.count(kim.email, words), 1);
  }),
];

interface Correction {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly actor: { readonly email: string };
}

/** The first correction of the ticket's priority in the desk's record of all that happened. */
async function correctionOf(desk: Desk, ticket: Ticket): Promise<Correction> {
  for await (const event of desk.admin.session.tickets.watchEvents({ afterPosition: '0' })) {
    if (event.aggregateId !== ticket.id || event.type !== 'ticket.priority_changed') continue;
    const { from, to, reason, actor } = JSON.parse(event.data) as Correction;
    return { from, to, reason, actor };
  }
  throw new NotAsTheRuleSays('the correction is not on record');
}

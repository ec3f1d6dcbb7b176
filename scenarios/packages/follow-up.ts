import type { Ticket } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { newId } from '#kernel/ids.js';
import { expectEqual, expectRefused, expectThat, faultyFields } from '../runner/expect.js';
import type { Person, TicketWishes } from '../runner/people.js';
import { rule } from '../runner/scenario.js';
import { after, before, instant } from '../runner/time.js';
import { PROBLEM } from './requests.js';

const AGAIN = 'It is back: the search finds nothing.';

/** What can still be done with a ticket that is solved: PKG-16. */
export const packagesFollowUp = [
  rule('PKG-16', 'a reply within 14 days reopens; after that a follow-up based on it is opened', async (desk) => {
    const { agent, clock } = desk;
    const company = await desk.company('gold');
    const [kim, jo] = [await company.customer('Kim'), await company.customer('Jo')];
    const sam = await desk.customer('gold');
    const [inTime, late] = [await kim.opens(PROBLEM), await kim.opens({ ...PROBLEM, subject: 'Search finds nothing' })];
    await agent.replies(inTime, 'That was it.', { status: 'solved' });
    const solved = (await agent.replies(late, 'That was it.', { status: 'solved' })).ticket;
    const deadline = after(instant(solved.solvedAt), { days: 14 });

    await clock.to(before(deadline, { seconds: 30 }));
    const early = await expectRefused('a follow-up in time', kim.opens(followUpOf(late)), 'FOLLOW_UP_TOO_EARLY');
    expectEqual('the way instead', [early.metadata['reply_by'], early.metadata['ticket_id']], ['TicketService/AddMessage', late.id]);
    expectEqual('the text, handed back', early.metadata['body'], AGAIN);
    expectEqual('a reply in time', (await jo.replies(inTime, AGAIN)).ticket.status, 'open');

    await clock.to(after(deadline, { seconds: 2 }));
    const refused = await expectRefused('a reply after it', kim.replies(late, AGAIN), 'REOPEN_PERIOD_OVER');
    expectThat(refused.message.includes('follow-up'), `the refusal does not say what to do: ${refused.message}`);
    expectEqual('the method for it', refused.metadata['follow_up_by'], 'TicketService/CreateTicket');
    await expectRefused('an agent’s move', agent.sets(late, 'open'), 'ILLEGAL_TRANSITION');

    const { body: description, follow_up_of_id: followUpOfId } = refused.metadata;
    const followUp = await kim.opens({ ...followUpOf(late), description: description!, followUpOfId: followUpOfId! });
    expectEqual('what it is based on', followUp.followUpOf, { id: late.id, number: late.number });
    expectEqual('what it takes over', basis(followUp), basis(late));
    expectEqual('what it does not', [followUp.id === late.id, followUp.status], [false, 'open']);
    const { messages } = await agent.session.tickets.listMessages({ ticketId: followUp.id, pageSize: 0, pageToken: '' });
    expectEqual('what it says', messages.map((message) => message.body), [AGAIN]);
    await desk.deadlines.become(followUp, 'first_response', { state: 'RUNNING' });

    const byJo = await jo.opens({ ...followUpOf(late), followUpOfId: late.number });
    const byAgent = await agent.opens(followUpOf(late));
    expectEqual('for whom the agent opened one', byAgent.requester?.accountId, kim.who.accountId);
    const links = [followUp, byJo, byAgent].map(({ id, number }) => ({ id, number }));
    for (const person of [kim, jo, agent]) expectEqual('the follow-ups of the earlier ticket', await followUps(person, late), links);
    expectEqual('the earlier ticket', (await kim.sees(late)).status, 'solved');

    const theirs = await expectRefused('another company’s follow-up', sam.opens({ ...PROBLEM, followUpOfId: late.id }), 'INVALID_ARGUMENT');
    const nobodys = await expectRefused('one of nothing', sam.opens({ ...PROBLEM, followUpOfId: newId() }), 'INVALID_ARGUMENT');
    expectEqual('what is wrong', faultyFields(theirs), ['follow_up_of_id']);
    expectEqual('what they are told', [theirs.message, theirs.violations], [nobodys.message, nobodys.violations]);
  }),
];

/** All but the text and the priority is the earlier ticket's. */
function followUpOf({ id }: Ticket): TicketWishes {
  return { subject: '', description: AGAIN, priority: 'low', followUpOfId: id };
}

function basis({ subject, type, fields, organisationId, packageId, requester }: Ticket): object {
  return { subject, type, fields, organisationId, packageId, requester };
}

async function followUps(person: Person, ticket: Ticket): Promise<object[]> {
  const { followUps: links } = await person.session.tickets.getTicket({ ticketId: ticket.id });
  return links.map(({ id, number }) => ({ id, number }));
}

import type { Ticket } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import type { Desk } from '../runner/desk.js';
import { becomes, expectEqual, expectThat } from '../runner/expect.js';
import type { Person } from '../runner/people.js';
import { rule } from '../runner/scenario.js';
import { after, instant } from '../runner/time.js';
import { FORM } from './form.js';

/** What the office-hours desk tells by itself: OFC-9 and OFC-12. */
export const officehoursMails = [
  rule('OFC-9', 'the customer has a mail about the new status when an agent starts', async (desk) => {
    const kim = await desk.customer();
    await desk.emptyQueue();
    const claimed = await kim.opens({ fields: FORM });
    expectEqual('a new ticket', claimed.statusKind, 'NEW');
    const taken = await desk.agent.claimsNext();
    expectEqual('the ticket that is started', [taken?.number, taken?.status], [claimed.number, 'in_progress']);
    const mail = await desk.mailbox.arrives(kim.email, `[#${claimed.number}] In progress`);
    expectThat(mail.text.includes('Its status is now: In progress'), `the mail does not tell the status: ${mail.text}`);

    const answered = await kim.opens({ fields: FORM });
    expectEqual('started with a reply', (await desk.agent.replies(answered, 'We look into it.')).ticket.status, 'in_progress');
    const moved = await kim.opens({ fields: FORM });
    await desk.agent.sets(moved, 'in_progress');
    for (const ticket of [answered, moved]) await desk.mailbox.arrives(kim.email, `[#${ticket.number}] In progress`);

    await desk.agent.replies(claimed, 'Please send us the log.', { status: 'waiting' });
    await kim.replies(claimed, 'Here it is.');
    await fence(desk, kim, claimed);
    for (const ticket of [claimed, answered, moved]) {
      expectEqual(`mails that ${ticket.number} was started`, (await desk.deliveries(ticket, 'started')).length, 1);
    }
  }),

  rule('OFC-12', 'a resolution is told once: by itself, or in the agent’s own words', async (desk) => {
    const { agent, clock, mailbox } = desk;
    const kim = await desk.customer();
    const [byItself, ownWords, silent] = [
      await kim.opens({ fields: FORM }),
      await kim.opens({ fields: FORM }),
      await kim.opens({ fields: FORM }),
    ];
    await agent.sets(byItself, 'resolved');
    await mailbox.arrives(kim.email, `[#${byItself.number}] Resolved`);
    const words = `We have replaced the disk of ${ownWords.number}.`;
    await agent.replies(ownWords, words, { status: 'resolved' });
    await mailbox.arrives(kim.email, words);

    const asked = await agent.replies(silent, 'Does it work now?', { status: 'waiting' });
    await clock.to(after(asked.sentAt, { days: 21, seconds: 2 }));
    const resolved = await desk.ticketBecomes(silent, 'resolved');
    expectEqual('resolved by itself', instant(resolved.solvedAt) <= clock.now(), true);
    await mailbox.arrives(kim.email, `[#${silent.number}] Resolved`);

    for (const ticket of [byItself, ownWords, silent]) await fence(desk, kim, ticket);
    const told = async (ticket: Ticket) => [
      (await desk.deliveries(ticket, 'resolved')).length,
      await mailbox.count(kim.email, `[#${ticket.number}] Resolved`),
    ];
    expectEqual('automatic mails where an agent set the status', await told(byItself), [1, 1]);
    expectEqual('automatic mails beside the agent’s own words', await told(ownWords), [0, 0]);
    expectEqual('mails with the agent’s own words', await mailbox.count(kim.email, words), 1);
    expectEqual('automatic mails where nobody answered', await told(silent), [1, 1]);

    await agent.sets(byItself, 'resolved');
    await becomes('mails about the second resolution', () => told(byItself), [2, 2]);
  }),
];

/** A reply of the customer and one of ours: when the mail of that is there, all earlier ones have been decided on. */
async function fence(desk: Desk, customer: Person, ticket: Ticket): Promise<void> {
  await customer.replies(ticket, 'One more thing.');
  const words = `That is noted on ${ticket.number} too.`;
  await desk.agent.replies(ticket, words);
  await desk.mailbox.arrives(customer.email, words);
}

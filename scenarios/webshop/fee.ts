import type { Ticket } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { orders, pays, purchaseBecomes } from '../runner/buying.js';
import type { Desk } from '../runner/desk.js';
import { becomes, expectAt, expectEqual, expectThat } from '../runner/expect.js';
import type { Person } from '../runner/people.js';
import { rule } from '../runner/scenario.js';
import { after, instant } from '../runner/time.js';
import { QUESTION } from './question.js';

/** The paid lane of the webshop desk: SHP-3 and SHP-5. */
export const webshopFee = [
  rule('SHP-3', 'a paid ticket goes ahead of all; unpaid or failed it keeps its normal place', async (desk) => {
    const { agent } = desk;
    const [kim, other] = [await desk.customer(), await desk.customer()];
    await desk.emptyQueue();
    const first = await other.opens(QUESTION);
    const ticket = await kim.opens(QUESTION);
    const third = await other.opens(QUESTION);
    const place = async (of: Ticket): Promise<string> => {
      const { rank, waiting } = await agent.session.queue.explainRank({ ticketId: of.id });
      return `${rank} of ${waiting}, ${(await agent.sees(of)).lane}`;
    };
    expectEqual('the place before', await place(ticket), '2 of 3, normal');

    const ordered = await orders(kim, ticket, 'priority');
    expectEqual('the fee', ordered.quote.gross, { minor: '490', currency: 'EUR' });
    await purchaseBecomes(kim, ordered, 'AWAITING_PAYMENT');
    expectEqual('the place while nothing is paid', await place(ticket), '2 of 3, normal');
    expectEqual('the bank’s answer', await pays(desk.use.description, ordered, 'pm_card_visa_chargeDeclined'), false);
    await purchaseBecomes(kim, ordered, 'FAILED');
    await desk.mailbox.arrives(kim.email, `[#${ticket.number}] The payment did not succeed`);
    expectEqual('the place after the failure', await place(ticket), '2 of 3, normal');
    await kim.replies(ticket, 'I try another card.');
    expectEqual('the place after a reply', await place(ticket), '2 of 3, normal');

    await buys(desk, kim, ticket);
    await becomes('the place of the paid ticket', () => place(ticket), '1 of 3, priority');
    const later = await other.opens(QUESTION);
    await buys(desk, other, later);
    await becomes('the place of the ticket that was paid later', () => place(later), '2 of 4, priority');
    const { reasons } = await kim.session.queue.explainRank({ ticketId: ticket.id });
    expectEqual('the reason', [reasons[0]?.key, reasons[0]?.value], ['lane', 'priority']);
    const claimed = [await agent.claimsNext(), await agent.claimsNext(), await agent.claimsNext(), await agent.claimsNext()];
    const order = [ticket, later, first, third].map(({ number }) => number);
    expectEqual('the order in which they are served', claimed.map((found) => found?.number), order);
  }),

  rule('SHP-5', 'normal: business days and Saturday mornings; priority: Sundays and holidays too', async (desk) => {
    const { clock, deadlines } = desk;
    const week = clock.quietWeek();
    const holiday = clock.publicHoliday();
    const cases = [
      ['normal', week.at('Mon 09:00'), week.at('Mon 18:00')],
      ['normal', week.at('Fri 17:00'), week.at('Mon 14:00', 1)],
      ['normal', week.at('Sat 09:00'), week.at('Mon 15:00', 1)],
      ['normal', week.at('Sat 13:00'), week.at('Mon 18:00', 1)],
      ['normal', week.at('Sun 10:00'), week.at('Mon 18:00', 1)],
      ['normal', holiday.at('10:00'), holiday.nextBusinessDay('18:00')],
      ['priority', week.at('Mon 09:00'), week.at('Mon 13:00')],
      ['priority', week.at('Sat 16:00'), week.at('Sun 11:00')],
      ['priority', week.at('Sun 10:00'), week.at('Sun 14:00')],
      ['priority', holiday.at('10:00'), holiday.at('14:00')],
    ] as const;
    for (const [lane, opened, due] of cases) {
      const preview = await deadlines.preview(opened, { lane });
      expectAt(`the answer to a ${lane} ticket of ${opened.toISOString()}`, preview.due('first_response'), due);
    }

    const kim = await desk.customer();
    await clock.to(week.at('Sat 10:00'));
    const ticket = await kim.opens(QUESTION);
    const opened = instant(ticket.openedAt);
    // 2 h on Saturday, 7 h on Monday.
    await deadlines.become(ticket, 'first_response', { state: 'RUNNING', due: after(opened, { days: 2, hours: 6 }) });
    await clock.to(week.at('Sat 11:00'));
    await buys(desk, kim, ticket);
    // The hour that is used is carried over to the 4 h of the other calendar, which is open all Saturday.
    await deadlines.become(ticket, 'first_response', { state: 'RUNNING', due: after(opened, { hours: 4 }) });
    const clocks = (await deadlines.all(ticket)).filter(({ target }) => target === 'first_response');
    expectEqual('the calendar', clocks.map(({ calendarId }) => calendarId), ['priority']);

    const sunday = await kim.opens(QUESTION);
    await clock.to(week.at('Sun 12:00'));
    await buys(desk, kim, sunday);
    const bought = instant((await kim.sees(sunday)).updatedAt);
    expectThat(bought >= week.at('Sun 12:00'), 'the lane was changed before it was paid for');
    // One hour was used on Saturday; three are left.
    const used = week.at('Sat 12:00').getTime() - Math.floor(instant(sunday.openedAt).getTime() / 1000) * 1000;
    await deadlines.become(sunday, 'first_response', { state: 'RUNNING', due: after(bought, { hours: 4, seconds: -used / 1000 }) });
  }),
];

/** Pays the fee and waits until the ticket is in its lane. */
export async function buys(desk: Desk, person: Person, ticket: Ticket): Promise<void> {
  const bought = await orders(person, ticket, 'priority');
  expectEqual('the bank’s answer', await pays(desk.use.description, bought, 'pm_card_visa'), true);
  await purchaseBecomes(person, bought, 'CAPTURED');
  await becomes(`the lane of ${ticket.number}`, async () => (await person.sees(ticket)).lane, 'priority');
}

import type { Ticket } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { accepts, asksPrice, type Bought, orders, pays, purchaseBecomes } from '../runner/buying.js';
import type { Desk } from '../runner/desk.js';
import { becomes, expectEqual, expectRefused, expectThat, faultyFields } from '../runner/expect.js';
import type { Person } from '../runner/people.js';
import { rule } from '../runner/scenario.js';
import { FORM } from './form.js';

const PRICE = { minor: '9900', currency: 'EUR' };
const NOTHING = { minor: '0', currency: 'EUR' };

/** The paid call-back of the office-hours desk: OFC-8. */
export const officehoursCallBack = [
  rule('OFC-8', 'the call-back is held at activation and charged only if the cause was not ours', async (desk) => {
    const kim = await desk.customer();
    await desk.emptyQueue();
    const waiting = await kim.opens({ fields: FORM });
    const ticket = await kim.opens({ fields: FORM });
    const quote = await asksPrice(kim, ticket, 'callback');
    expectEqual('the price that is shown', quote.gross, PRICE);
    expectThat(quote.consentText.includes('€99.00'), `the text to accept does not say the price: ${quote.consentText}`);
    await expectRefused('a call-back without consent', accepts(kim, quote, false), 'CONSENT_REQUIRED');
    const held = await activates(desk, kim, await accepts(kim, quote));
    expectEqual('what is charged at the activation', held.captured, NOTHING);
    await desk.mailbox.arrives(kim.email, `[#${ticket.number}] We call you back`);
    await becomes('the lane of the ticket', async () => (await kim.sees(ticket)).lane, 'escalated');
    expectEqual('the next ticket', (await desk.agent.claimsNext())?.number, ticket.number);

    const unpaid = await orders(kim, waiting, 'callback');
    expectEqual('the bank’s answer', await pays(desk.use.description, unpaid, 'pm_card_visa_chargeDeclined'), false);
    await purchaseBecomes(kim, unpaid, 'FAILED');
    expectEqual('the lane without a hold', (await kim.sees(waiting)).lane, 'normal');
  }),
  rule('OFC-8', 'the agent who resolves records the cause, and it decides', async (desk) => {
    const kim = await desk.customer();
    const endings = [
      ['OUR_SYSTEMS', 'VOIDED', NOTHING, 'Call-back not charged'],
      ['CUSTOMER', 'CAPTURED', PRICE, 'Call-back charged'],
      ['THIRD_PARTY', 'CAPTURED', PRICE, 'Call-back charged'],
      ['UNKNOWN', 'CAPTURED', PRICE, 'Call-back charged'],
    ] as const;
    for (const [fault, state, charged, words] of endings) {
      const ticket = await kim.opens({ fields: FORM });
      const bought = await orders(kim, ticket, 'callback');
      await activates(desk, kim, bought);
      await becomes('the lane of the ticket', async () => (await kim.sees(ticket)).lane, 'escalated');
      await resolves(desk, ticket, fault);
      expectEqual(`charged when it was ${fault}`, (await purchaseBecomes(kim, bought, state)).captured, charged);
      await desk.mailbox.arrives(kim.email, `[#${ticket.number}] ${words}`);
    }
    const plain = await kim.opens({ fields: FORM });
    expectEqual('a ticket without a call-back', (await desk.agent.sets(plain, 'resolved')).status, 'resolved');
  }),
];

async function activates(desk: Desk, kim: Person, bought: Bought) {
  expectEqual('the bank’s answer', await pays(desk.use.description, bought, 'pm_card_visa'), true);
  return purchaseBecomes(kim, bought, 'AUTHORIZED');
}

/** Not without the cause, in either way of doing it. */
async function resolves(desk: Desk, ticket: Ticket, fault: string): Promise<void> {
  const ways = [
    () => desk.agent.sets(ticket, 'resolved'),
    () => desk.agent.replies(ticket, 'It works again.', { status: 'resolved' }),
    () => desk.agent.sets(ticket, 'resolved', 'THE_WEATHER'),
  ];
  for (const way of ways) {
    const refused = await expectRefused('resolved without the cause', way(), 'FAULT_REQUIRED');
    expectEqual('what is missing', faultyFields(refused), ['fault']);
  }
  await desk.agent.replies(ticket, 'It works again.', { status: 'resolved', fault });
}

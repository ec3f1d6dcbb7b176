import { PurchaseState } from '#contracts/generated/priolane/billing/v1/purchase.js';
import type { CreateTicketRequest } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { newId } from '#kernel/ids.js';
import { payInBrowser } from '#testing/stack/browser.js';
import { DEMO_PASSWORD } from '#testing/stack/demo-data.js';
import { claim, firstResponseMet, message, solveReopenSolve, workOffQueue } from './agent-work.js';
import { expect, given } from './report.js';
import type { Visit } from './visit.js';

const QUESTION = 'Why does the checkout page stay empty?';

/** A small fee takes a ticket to the head of the queue (SHP-1 to SHP-5). */
export async function webshop(visit: Visit): Promise<void> {
  const { report, use } = visit;
  const desk = 'webshop';
  const email = `kim@nordlicht-${desk}.example`;
  const customer = use.person(desk, email, DEMO_PASSWORD);
  const other = use.person(desk, `sam@suedwind-${desk}.example`, DEMO_PASSWORD);
  const agent = use.person(desk, `agent@${desk}.example`, DEMO_PASSWORD);
  const finance = use.person(desk, `finance@${desk}.example`, DEMO_PASSWORD);
  report.chapter('webshop: a small fee for priority');

  await report.step('the agent has an empty queue', () => workOffQueue(agent, 'answered'), (n) => ({ 'left over': n }));
  await report.step('a customer signs in', () => customer.auth.whoAmI({}, { token: () => customer.token() }), (who) => ({
    account: who.accountId,
    organisation: who.organisationId,
  }));
  const asked = await report.step(
    'asks a question and is shown answers',
    () => customer.knowledge.askQuestion({ requestId: newId(), text: QUESTION, language: 'en' }),
    ({ answers, questionId }) => ({ question: questionId, best: `"${answers[0]?.article?.title}"` }),
  );
  expect(asked.answers[0]?.article?.slug === 'checkout-page-empty', 'the article on the empty checkout is not the best answer');

  const before = await report.step(
    'somebody else’s ticket waits already',
    () => other.tickets.createTicket(ask('How do I add a product?')).then((r) => r.ticket!),
    (ticket) => ({ number: ticket.number }),
  );
  const ticket = await report.step(
    'the answers did not help: the question becomes a ticket',
    () => customer.tickets.createTicket(ask('The checkout page stays empty', asked.questionId)).then((r) => r.ticket!),
    ({ number, id, lane }) => ({ number, id, lane }),
  );
  const ticketId = ticket.id;
  await report.step('the receipt is in the mailbox', () => visit.mailbox.arrives(email, ticket.number), (mail) => ({ subject: `"${mail.subject}"` }));
  const waiting = await report.step('it stands behind the other', () => customer.queue.explainRank({ ticketId }), rank);
  expect(waiting.rank === '2', `rank ${waiting.rank}, not 2`);

  const quote = await report.step(
    'the customer asks what priority costs',
    () =>
      customer.prices
        .createQuote({ requestId: newId(), ticketId, productId: 'priority', language: 'en' })
        .then((r) => given(r.quote, 'the quote')),
    ({ gross, tax, consentText }) => ({ gross: `${gross!.minor} ${gross!.currency} cents`, tax: tax!.minor, consent: `"${consentText}"` }),
  );
  const bought = await report.step(
    'accepts price and text, and buys',
    () =>
      customer.purchases.createPurchase({
        requestId: newId(),
        quoteId: quote.id,
        consentAccepted: true,
        consentVersion: quote.consentVersion,
      }),
    ({ purchase }) => ({ purchase: purchase!.id, intent: purchase!.paymentIntentId }),
  );
  const purchaseId = bought.purchase!.id;
  await report.step('pays in the browser', () => payInBrowser(visit.stack, bought.clientSecret, 'pm_card_visa'), (intent) => ({ state: intent.status }));
  await report.step(
    'the signed webhook captures the purchase',
    () =>
      visit.soon('the purchase to be captured', async () => {
        const { purchase } = await customer.purchases.getPurchase({ purchaseId });
        expect(purchase!.state !== PurchaseState.PURCHASE_STATE_FAILED, `the payment failed: ${purchase!.failureReason}`);
        return purchase!.state === PurchaseState.PURCHASE_STATE_CAPTURED && purchase!;
      }),
    (purchase) => ({ captured: `${purchase.captured!.minor} ${purchase.captured!.currency} cents` }),
  );
  const first = await report.step(
    'the ticket moves to the head of the queue, and ExplainRank says why',
    () =>
      visit.soon('the ticket to be first', async () => {
        const found = await customer.queue.explainRank({ ticketId });
        return found.rank === '1' && found;
      }),
    rank,
  );
  expect(first.reasons[0]?.value === 'priority', 'the lane is not the reason');

  await report.step('an agent claims the next ticket: it is this one', () => claim(agent, ticketId), (t) => ({ number: t.number, lane: t.lane }));
  const answer = 'Please switch off the ad blocker and reload the checkout page.';
  await report.step('and replies', () => agent.tickets.addMessage(message(ticketId, answer)), ({ message: said }) => ({ message: said!.id }));
  await report.step('the customer has it as mail', () => visit.mailbox.arrives(email, answer), (mail) => ({ subject: `"${mail.subject}"` }));
  await report.step('the SLA clock is met', () => firstResponseMet(visit, agent, ticketId), (clock) => ({ policy: clock.policyId, 'used seconds': clock.usedSeconds }));
  const solved = await solveReopenSolve(visit, { customer, agent }, ticketId, 'answered');

  await report.step('the finance person finds it in the charge register', () => registered(visit, finance, purchaseId), (row) => ({
    net: row.netMinor,
    tax: row.taxMinor,
    fee: row.stripeFeeMinor,
    charge: row.chargeId,
  }));
  const { balances } = await report.step('and reads the ledger’s balances', () => finance.finance.listLedgerBalances({ period: '' }), (r) => ({
    accounts: r.balances.map((b) => `${b.account} ${b.balanceMinor}`).join(' · '),
  }));
  const sum = balances.reduce((total, balance) => total + BigInt(balance.balanceMinor), 0n);
  expect(balances.length > 0 && sum === 0n, `debits less credits over all accounts are ${sum}`);
  await report.step(
    `every event of the ticket is read back from ${visit.stack.eventBus.kind === 'kafka' ? 'Kafka' : 'the bus'}, in order, without a gap`,
    () => visit.events(ticketId, Number(solved.sequence)),
    (events) => ({ events: events.map((event) => `${event.sequence} ${event.type}`).join(' · ') }),
  );
  await agent.tickets.changeStatus({ requestId: newId(), ticketId: before.id, status: 'answered', fault: '' });
}

const ask = (subject: string, questionId = ''): CreateTicketRequest => ({
  requestId: newId(),
  subject,
  description: QUESTION,
  type: '',
  department: '',
  priority: '',
  channel: '',
  fields: { area: 'checkout' },
  language: 'en',
  questionId,
  onBehalfOf: null,
});

const rank = (found: { rank: string; waiting: string; reasons: readonly { explanation: string }[] }): object => ({
  rank: `${found.rank} of ${found.waiting}`,
  why: `"${found.reasons[0]?.explanation}"`,
});

function registered(visit: Visit, finance: ReturnType<Visit['use']['person']>, purchaseId: string) {
  return visit.soon('the purchase in the charge register', async () => {
    for await (const row of finance.finance.streamChargeRegister({ from: null, to: null })) {
      if (row.purchaseId === purchaseId) return row;
    }
    return undefined;
  });
}

import type { Account, AccountServiceClient } from '#contracts/generated/priolane/accounts/v1/account.js';
import { Role } from '#contracts/generated/priolane/common/v1/access.js';
import type { Ticket, TicketServiceClient } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { newId } from '#kernel/ids.js';
import { RpcError } from '#platform/grpc/rpc-error.js';
import { DEMO_PASSWORD } from '#testing/stack/demo-data.js';
import type { Session } from '#testing/stack/session.js';
import type { Desk } from '../runner/desk.js';
import { becomes, eventually, expectEqual, expectRefused, expectThat, given } from '../runner/expect.js';
import { Person, request } from '../runner/people.js';
import { rule } from '../runner/scenario.js';
import { after, instant } from '../runner/time.js';
import { PROBLEM } from './requests.js';

/** Who has a service account: PKG-3 to PKG-6. */
export const packagesSeats = [
  rule('PKG-3', 'only a person with an assigned service account opens tickets', async (desk) => {
    const company = await desk.company('bronze');
    const kim = await company.customer('Kim');
    expectEqual('whose ticket it is', (await kim.opens(PROBLEM)).requester?.accountId, kim.who.accountId);
    const called = await desk.agent.opens({ ...PROBLEM, onBehalfOf: company.behalfOf(kim) });
    expectEqual('for whom the agent opened it', called.requester?.accountId, kim.who.accountId);

    const nobody = desk.anybody<TicketServiceClient>('tickets', 'TicketService');
    await expectRefused('somebody who has not signed in', nobody.createTicket(request(PROBLEM)), 'TOKEN_MISSING');
    const onBehalfOf = { organisationId: company.id, accountId: '', name: 'Jo', email: company.address('jo'), packageId: '' };
    const forJo = desk.agent.opens({ ...PROBLEM, onBehalfOf });
    await expectRefused('an agent’s ticket for somebody without an account', forJo, 'SERVICE_ACCOUNT_REQUIRED');
  }),
  rule('PKG-3', 'nor does a person whose service account was taken away', async (desk) => {
    const company = await desk.company('bronze');
    const [mia, leo] = [await company.manager('Mia'), await company.customer('Leo')];
    await leo.opens(PROBLEM);
    await mia.session.accounts.closeAccount({ requestId: newId(), accountId: leo.who.accountId });
    const again = new Person(desk.use.person(desk.id, leo.email, DEMO_PASSWORD), leo.who);
    await expectRefused('a new session', again.opens(PROBLEM), 'SIGN_IN_REFUSED');
    await eventually('the session that was open to be refused', async () => {
      const refused = await leo.opens(PROBLEM).catch((error: unknown) => error);
      return refused instanceof RpcError && ['SERVICE_ACCOUNT_REQUIRED', 'TOKEN_INVALID'].includes(refused.reason);
    });
  }),

  rule('PKG-4', 'the main contact is invited with an introduction, the others up to the seats', async (desk) => {
    const company = await desk.company('bronze');
    const contact = await invites(desk.installation, company.id, 'Mia', company.address('mia'));
    expectEqual('the main contact', [contact.state, contact.roles], ['invited', [Role.ROLE_CUSTOMER, Role.ROLE_ACCOUNT_MANAGER]]);
    const mail = await desk.mailbox.arrives(contact.email, 'Your service account at');
    expectThat(mail.text.includes('How it works'), `the invitation has no introduction: ${mail.text}`);
    const mia = await accepts(desk, contact.email, mail.text);

    const named = await invites(mia, company.id, 'Kim', company.address('kim'));
    const kim = await accepts(desk, named.email, (await desk.mailbox.arrives(named.email, 'Your service account at')).text);
    const byKim = invites(kim, company.id, 'Jo', company.address('jo'));
    await expectRefused('a customer who does not manage the account', byKim, 'ROLE_REQUIRED');

    const rivals = Array.from({ length: 8 }, (_, i) => invites(mia, company.id, `Rival ${i}`, company.address(`rival${i}`)));
    const outcomes = await Promise.allSettled(rivals);
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expectEqual('invitations to the last seat that won', outcomes.length - refused.length, 1);
    for (const error of refused) {
      expectThat(error instanceof RpcError, `the refusal of a rival: ${String(error)}`);
      expectEqual('the refusal of a rival', [error.reason, error.metadata['used'], error.metadata['limit']], ['SEATS_EXHAUSTED', '3', '3']);
    }
    const one = await expectRefused('one more', invites(mia, company.id, 'Zoe', company.address('zoe')), 'SEATS_EXHAUSTED');
    expectThat(one.message.includes('3 of 3'), `the refusal does not say used and limit: ${one.message}`);
    const { organisation } = await mia.organisations.getOrganisation({ organisationId: company.id });
    expectEqual('the seats', [organisation?.seatsUsed, organisation?.seatsLimit], [3, 3]);
  }),

  rule('PKG-5', 'shared mailboxes are refused, as the desk lists them', async (desk) => {
    const company = await desk.company('gold');
    const { localParts } = desk.document.accounts.roleAddresses;
    for (const wanted of ['info', 'support']) expectThat(localParts.includes(wanted), `${wanted}@ is not in the list`);
    const addresses = [...localParts, 'INFO', 'support+kim'];
    for (const localPart of addresses) {
      const invited = invites(desk.installation, company.id, 'Kim', company.address(localPart));
      const refused = await expectRefused(`${localPart}@`, invited, 'ROLE_ADDRESS');
      expectThat(refused.message.includes('One account is for one person'), `the refusal does not say why: ${refused.message}`);
    }
    await expectRefused('an account for info@', company.customer('info'), 'ROLE_ADDRESS');
    const person = await invites(desk.installation, company.id, 'Kim', company.address('kim.support'));
    expectEqual('a person’s own address', person.state, 'invited');
  }),

  rule('PKG-6', 'only an account manager changes the package, and more counts at once', async (desk) => {
    const { clock, deadlines } = desk;
    const week = clock.quietWeek();
    const company = await desk.company('bronze');
    const [mia, kim, jo] = [await company.manager('Mia'), await company.customer('Kim'), await company.customer('Jo')];
    const stranger = await (await desk.company('bronze')).manager('Sam');
    const change = (session: Session, packageId: string) =>
      session.organisations.changePackage({ requestId: newId(), organisationId: company.id, packageId });
    await clock.to(week.at('Mon 09:00'));
    await expectRefused('a customer’s change', change(kim.session, 'gold'), 'ROLE_REQUIRED');
    await expectRefused('an agent’s change', change(desk.agent.session, 'gold'), 'ROLE_REQUIRED');
    await expectRefused('an admin’s change', change(desk.admin.session, 'gold'), 'PACKAGE_CHANGE_NOT_ALLOWED');
    await expectRefused('another company’s manager', change(stranger.session, 'gold'), 'ORGANISATION_NOT_FOUND');

    const ticket = await kim.opens(PROBLEM);
    await deadlines.become(ticket, 'first_response', { state: 'RUNNING', due: soonAfter(ticket, 8) });
    await clock.to(week.at('Mon 10:00'));
    const { organisation } = await change(mia.session, 'silver');
    expectEqual('the seats at once', [organisation?.seatsUsed, organisation?.seatsLimit], [3, 5]);
    await deadlines.become(ticket, 'first_response', { state: 'RUNNING', due: soonAfter(ticket, 4) });
    await becomes('the package of the ticket', async () => (await kim.sees(ticket)).packageId, 'silver');
    const zoe = await company.customer('Zoe');

    const fewer = await expectRefused('fewer seats than are in use', change(mia.session, 'bronze'), 'TOO_MANY_SEATS_IN_USE');
    expectEqual('who would have to go', fewer.metadata['accounts'], `Zoe <${zoe.email}>`);
    expectEqual('used and limit', [fewer.metadata['used'], fewer.metadata['limit']], ['4', '3']);
    const fewest = await expectRefused('a single seat', change(mia.session, 'basic'), 'TOO_MANY_SEATS_IN_USE');
    const leaving = [kim, jo, zoe].map(({ who }) => `${who.name} <${who.email}>`).join(', ');
    expectEqual('who would have to go', fewest.metadata['accounts'], leaving);
    await mia.session.accounts.closeAccount({ requestId: newId(), accountId: zoe.who.accountId });
    expectEqual('the seats that are enough', (await change(mia.session, 'bronze')).organisation?.seatsLimit, 3);
  }),
];

function soonAfter(ticket: Ticket, hours: number): Date {
  return after(instant(ticket.openedAt), { hours });
}

async function invites(by: Session, organisationId: string, name: string, email: string): Promise<Account> {
  const request = { requestId: newId(), organisationId, name, email, roles: [Role.ROLE_CUSTOMER], language: '' };
  return given((await by.accounts.inviteAccount(request)).account, 'account');
}

/** Opens the link of the mail and chooses a password. */
async function accepts(desk: Desk, email: string, text: string): Promise<Session> {
  const token = given(/\/invitations\/(\S+)/.exec(text)?.[1], 'link in the invitation');
  const anybody = desk.anybody<AccountServiceClient>('accounts', 'AccountService');
  const { account } = await anybody.acceptInvitation({ token, password: DEMO_PASSWORD });
  expectEqual('the account', account?.state, 'active');
  return desk.use.person(desk.id, email, DEMO_PASSWORD);
}

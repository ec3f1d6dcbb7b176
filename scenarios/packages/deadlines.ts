import { newId } from '#kernel/ids.js';
import { Role } from '#contracts/generated/priolane/common/v1/access.js';
import { expectAt, expectEqual, expectRefused, expectThat } from '../runner/expect.js';
import { rule } from '../runner/scenario.js';
import { after, instant } from '../runner/time.js';
import { PROBLEM, SERVICE_REQUEST } from './requests.js';

/** What the four packages promise: PKG-1 and PKG-2. */
export const packagesDeadlines = [
  rule('PKG-1', 'clocks run Mon–Fri 09:00–18:00 in Berlin', async (desk) => {
    const { clock, deadlines } = desk;
    const week = clock.quietWeek();
    const hour = { packageId: 'gold', type: 'problem', priority: 'blocker' };
    const cases = [
      ['Mon 09:00', week.at('Mon 10:00')],
      ['Mon 07:00', week.at('Mon 10:00')],
      ['Mon 17:00', week.at('Mon 18:00')],
      ['Mon 17:30', week.at('Tue 09:30')],
      ['Mon 18:00', week.at('Tue 10:00')],
      ['Fri 17:30', week.at('Mon 09:30', 1)],
      ['Sat 12:00', week.at('Mon 10:00', 1)],
      ['Sun 23:59', week.at('Mon 10:00', 1)],
    ] as const;
    for (const [opened, due] of cases) {
      const preview = await deadlines.preview(week.at(opened), hour);
      expectAt(`an hour from ${opened}`, preview.due('first_response'), due);
    }
    const holiday = clock.publicHoliday();
    const closed = await deadlines.preview(holiday.at('12:00'), hour);
    expectThat(closed.due('first_response')! >= holiday.nextBusinessDay('10:00'), 'a public holiday counts as a day of support');

    const kim = await desk.customer('silver');
    await clock.to(week.at('Fri 16:00'));
    const ticket = await kim.opens(PROBLEM);
    const due = after(instant(ticket.openedAt), { days: 2, hours: 19 });
    expectAt('four hours from Fri 16:00', after(week.at('Fri 16:00'), { days: 2, hours: 19 }), week.at('Mon 11:00', 1));
    await deadlines.become(ticket, 'first_response', { state: 'RUNNING', due });
    await clock.to(week.at('Mon 10:50', 1));
    await deadlines.become(ticket, 'first_response', { state: 'RUNNING', due });
    await clock.to(after(due, { seconds: 2 }));
    await deadlines.become(ticket, 'first_response', { state: 'BREACHED', due, breached: due });
  }),

  rule('PKG-2', 'Basic 1, Bronze 3, Silver 5, Gold 10, each with its own response times', async (desk) => {
    const { clock, deadlines } = desk;
    const week = clock.quietWeek();
    // First and next response in support hours, of nine a day.
    const packages = { basic: [1, 16, 24], bronze: [3, 8, 16], silver: [5, 4, 8], gold: [10, 2, 4] } as const;
    expectEqual('the packages', desk.document.packages.map(({ id }) => id), Object.keys(packages));
    const afterHours = (hours: number) => after(week.at('Mon 09:00'), { days: Math.floor((hours - 1) / 9), hours: ((hours - 1) % 9) + 1 });
    for (const [packageId, [seats, first]] of Object.entries(packages)) {
      const company = await desk.company(packageId);
      for (let i = 1; i <= seats; i += 1) await desk.installation.accounts.inviteAccount(invitation(i, company.id, company.address(`p${i}`)));
      const more = desk.installation.accounts.inviteAccount(invitation(0, company.id, company.address('more')));
      const refused = await expectRefused(`one more than ${packageId} has`, more, 'SEATS_EXHAUSTED');
      expectEqual('used and limit', [refused.metadata['used'], refused.metadata['limit']], [String(seats), String(seats)]);
      for (const like of [{ type: 'problem', priority: 'medium' }, { type: 'service_request' }]) {
        const preview = await deadlines.preview(week.at('Mon 09:00'), { packageId, ...like });
        expectAt(`the first response for ${packageId}`, preview.due('first_response'), afterHours(first));
      }
    }

    const people = await Promise.all(Object.keys(packages).map((packageId) => desk.customer(packageId)));
    await clock.to(week.at('Mon 09:00'));
    // Live tickets come a little after nine, and are due as much later.
    const due = (hours: number, from: Date) => after(from, { seconds: (afterHours(hours).getTime() - week.at('Mon 09:00').getTime()) / 1000 });
    for (const [i, [packageId, [, first, next]]] of Object.entries(packages).entries()) {
      const kim = people[i]!;
      const [problem, wish] = [await kim.opens(PROBLEM), await kim.opens(SERVICE_REQUEST)];
      for (const ticket of [problem, wish]) {
        expectEqual('the package of the ticket', ticket.packageId, packageId);
        await deadlines.become(ticket, 'first_response', { state: 'RUNNING', due: due(first, instant(ticket.openedAt)) });
      }
      await desk.agent.replies(problem, 'We are on it.');
      const { sentAt } = await kim.replies(problem, 'Thank you. And?');
      await deadlines.become(problem, 'next_response', { state: 'RUNNING', due: due(next, sentAt) });
    }
  }),
];

function invitation(i: number, organisationId: string, email: string) {
  return { requestId: newId(), organisationId, name: `Person ${i}`, email, roles: [Role.ROLE_CUSTOMER], language: '' };
}

import { expectAt, expectEqual, expectThat } from '../runner/expect.js';
import { history } from '../runner/history.js';
import { rule } from '../runner/scenario.js';
import { after, instant } from '../runner/time.js';
import { FORM } from './form.js';

/** What the office-hours desk promises, and what it does not: OFC-3, OFC-11, OFC-13. */
export const officehoursDeadlines = [
  rule('OFC-3', 'reaction within 8 h of Mon–Fri 09:00–16:00 in Berlin', async (desk) => {
    const { clock, deadlines } = desk;
    const week = clock.quietWeek();
    const cases = [
      ['Mon 09:00', week.at('Tue 10:00')],
      ['Fri 15:00', week.at('Mon 16:00', 1)],
      ['Mon 16:00', week.at('Wed 10:00')],
      ['Mon 08:00', week.at('Tue 10:00')],
      ['Sat 12:00', week.at('Tue 10:00', 1)],
    ] as const;
    for (const type of ['incident', 'question']) {
      for (const [opened, due] of cases) {
        const preview = await deadlines.preview(week.at(opened), { type });
        expectAt(`the reaction to ${opened}`, preview.due('first_response'), due);
      }
    }
    const holiday = clock.publicHoliday();
    const onHoliday = await deadlines.preview(holiday.at('11:00'), { type: 'incident' });
    expectThat(onHoliday.due('first_response')! > holiday.nextBusinessDay('16:00'), 'a public holiday counts as a day of support');

    const kim = await desk.customer();
    await clock.to(week.at('Mon 09:00'));
    const [answered, forgotten] = [await kim.opens({ fields: FORM }), await kim.opens({ fields: FORM })];
    const due = after(instant(forgotten.openedAt), { hours: 25 });
    await deadlines.become(forgotten, 'first_response', { state: 'RUNNING', due });
    await clock.to(week.at('Tue 09:50'));
    await desk.agent.replies(answered, 'We are on it.');
    await deadlines.become(answered, 'first_response', { state: 'MET', due: after(instant(answered.openedAt), { hours: 25 }) });
    await clock.to(after(due, { seconds: 2 }));
    await deadlines.become(forgotten, 'first_response', { state: 'BREACHED', due, breached: due });

    await clock.to(week.at('Tue 10:30'));
    const at = week.at('Tue 10:00');
    const exact = await desk.imports(week.at('Mon 09:00'), [history.agent(at)]);
    await deadlines.become(exact, 'first_response', { state: 'MET', due: at, satisfied: at });
    const late = await desk.imports(week.at('Mon 09:00'), [history.agent(after(at, { seconds: 1 }))]);
    await deadlines.become(late, 'first_response', { state: 'BREACHED', due: at, breached: at });
  }),

  rule('OFC-11', 'there is no resolution clock, and interfaces say that none is promised', async (desk) => {
    const { deadlines, clock } = desk;
    const kim = await desk.customer();
    const ticket = await kim.opens({ fields: FORM });
    await deadlines.become(ticket, 'first_response', { state: 'RUNNING' });
    for (const who of [kim, desk.agent]) {
      const { clocks, notPromised } = await who.session.clocks.listClocks({ ticketId: ticket.id });
      expectThat(notPromised.includes('resolution'), `the clocks do not say that no resolution is promised: ${notPromised}`);
      expectThat(!clocks.some(({ target }) => target === 'resolution'), 'the ticket has a resolution clock');
    }
    for (const type of ['incident', 'question']) {
      const preview = await deadlines.preview(clock.now(), { type });
      expectThat(preview.notPromised.includes('resolution'), 'the preview does not say that no resolution is promised');
      expectEqual('a resolution time in the preview', preview.due('resolution'), undefined);
    }
    await clock.advance({ days: 365 });
    const { sentAt } = await desk.agent.replies(ticket, 'We are still on it.');
    await deadlines.become(ticket, 'periodic_update', { cycle: 2, state: 'RUNNING' });
    const targets = (await deadlines.all(ticket)).map(({ target }) => target);
    expectThat(!targets.includes('resolution'), `a year later, at ${sentAt.toISOString()}, the ticket has a resolution clock`);
  }),

  rule('OFC-13', 'each public reply meets the 16 h of the update and starts them anew', async (desk) => {
    const { agent, clock, deadlines } = desk;
    const kim = await desk.customer();
    const week = clock.quietWeek();
    const update = (cycle: number, wanted: Parameters<typeof deadlines.become>[2]) =>
      deadlines.become(ticket, 'periodic_update', { cycle, ...wanted });

    await clock.to(week.at('Mon 09:00'));
    const ticket = await kim.opens({ fields: FORM });
    const firstDue = after(instant(ticket.openedAt), { days: 2, hours: 2 });
    await update(1, { state: 'RUNNING', due: firstDue });
    expectEqual('16 h from Mon 09:00', after(week.at('Mon 09:00'), { days: 2, hours: 2 }), week.at('Wed 11:00'));

    await clock.to(week.at('Mon 15:00'));
    await agent.replies(ticket, 'A thought for colleagues.', { internal: true });
    await clock.to(week.at('Tue 12:00'));
    const first = await agent.replies(ticket, 'Next we look at the logs.');
    await desk.mailbox.arrives(kim.email, 'Next we look at the logs.');
    await update(1, { state: 'MET', due: firstDue, satisfied: first.sentAt });
    const secondDue = after(first.sentAt, { days: 2, hours: 2 });
    await update(2, { state: 'RUNNING', due: secondDue });

    await clock.to(after(secondDue, { seconds: 2 }));
    await update(2, { state: 'BREACHED', due: secondDue, breached: secondDue });
    await clock.to(week.at('Thu 15:00'));
    const second = await agent.replies(ticket, 'Next we replace the disk.');
    await desk.mailbox.arrives(kim.email, 'Next we replace the disk.');
    await update(3, { state: 'RUNNING', due: after(second.sentAt, { days: 4, hours: 19 }) });
    expectEqual('16 h from Thu 15:00', after(week.at('Thu 15:00'), { days: 4, hours: 19 }), week.at('Tue 10:00', 1));

    await clock.to(week.at('Fri 10:00'));
    await agent.sets(ticket, 'resolved');
    await update(3, { state: 'CANCELLED' });
    const cycles = (await deadlines.all(ticket)).filter(({ target }) => target === 'periodic_update').length;
    expectEqual('clocks of the update after it is resolved', cycles, 3);

    const start = week.at('Mon 09:00');
    const at = week.at('Wed 11:00');
    const exact = await desk.imports(start, [history.agent(at)]);
    await deadlines.become(exact, 'periodic_update', { state: 'MET', due: at, satisfied: at });
  }),
];

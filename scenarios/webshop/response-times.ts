import type { ClockServiceClient } from '#contracts/generated/priolane/sla/v1/clock.js';
import { toTimestamp } from '#platform/grpc/timestamps.js';
import { becomes, expectAt, expectEqual } from '../runner/expect.js';
import { rule } from '../runner/scenario.js';
import { after, instant } from '../runner/time.js';
import { buys } from './fee.js';
import { QUESTION } from './question.js';

/** How soon the webshop desk answers: SHP-6 and SHP-10. */
export const webshopResponseTimes = [
  rule('SHP-6', 'sent before 16:00 on a business day is due that day, and the share kept is reported', async (desk) => {
    const { agent, clock, deadlines } = desk;
    const week = clock.quietWeek();
    const holiday = clock.publicHoliday();
    const cases = [
      [week.at('Wed 00:00'), week.at('Wed 24:00')],
      [week.at('Wed 15:59:59'), week.at('Wed 24:00')],
      [week.at('Wed 16:00'), week.at('Thu 24:00')],
      [week.at('Wed 23:59:59'), week.at('Thu 24:00')],
      [week.at('Fri 15:59:59'), week.at('Fri 24:00')],
      [week.at('Fri 16:00'), week.at('Mon 24:00', 1)],
      [week.at('Sat 10:00'), week.at('Mon 24:00', 1)],
      [holiday.at('10:00'), holiday.nextBusinessDay('24:00')],
    ] as const;
    for (const [sent, due] of cases) {
      expectAt(`the cut-off of ${sent.toISOString()}`, (await deadlines.preview(sent, { lane: 'normal' })).due('cut_off'), due);
    }

    const kim = await desk.customer();
    await clock.to(week.at('Wed 15:30'));
    const [kept, alsoKept, broken] = [await kim.opens(QUESTION), await kim.opens(QUESTION), await kim.opens(QUESTION)];
    for (const ticket of [kept, alsoKept, broken]) {
      await deadlines.become(ticket, 'cut_off', { state: 'RUNNING', due: week.at('Wed 24:00') });
    }
    await clock.to(week.at('Wed 16:00'));
    const next = await kim.opens(QUESTION);
    await deadlines.become(next, 'cut_off', { state: 'RUNNING', due: week.at('Thu 24:00') });
    await clock.to(week.at('Wed 23:00'));
    for (const ticket of [kept, alsoKept]) {
      await agent.replies(ticket, 'Please reload the page.');
      await deadlines.become(ticket, 'cut_off', { state: 'MET' });
    }
    await clock.to(after(week.at('Wed 24:00'), { seconds: 2 }));
    await deadlines.become(broken, 'cut_off', { state: 'BREACHED', breached: week.at('Wed 24:00') });

    const day = { from: toTimestamp(week.at('Wed 12:00')), to: toTimestamp(week.at('Thu 12:00')), target: 'cut_off' };
    const { rows } = await agent.session.clocks.getCompliance(day);
    const shares = rows.map(({ met, breached, running, keptBasisPoints }) => ({ met, breached, running, keptBasisPoints }));
    expectEqual('the share kept', shares, [{ met: '2', breached: '1', running: '0', keptBasisPoints: 6667 }]);
  }),

  rule('SHP-10', 'median and 90th percentile by lane, for anybody', async (desk) => {
    const { agent, clock } = desk;
    const kim = await desk.customer();
    // What was answered before is out of the desk's thirty days.
    await clock.advance({ days: 31 });
    await clock.to(clock.quietWeek().at('Mon 09:00'));
    const normal = await Promise.all([1, 2, 6].map(() => kim.opens(QUESTION)));
    const paid = await kim.opens(QUESTION);
    await buys(desk, kim, paid);
    const seconds = new Map<string, number>();
    const answers = async (ticket: (typeof normal)[number]) => {
      const { sentAt } = await agent.replies(ticket, 'Please reload the page.');
      await agent.replies(ticket, 'And empty the cache.');
      seconds.set(ticket.id, (sentAt.getTime() - instant(ticket.openedAt).getTime()) / 1000);
    };
    await clock.advance({ minutes: 10 });
    await answers(paid);
    for (const [i, ticket] of normal.entries()) {
      await clock.advance({ hours: i + 1 });
      await answers(ticket);
    }

    const anybody = desk.anybody<ClockServiceClient>('sla', 'ClockService');
    const ask = async () => (await anybody.getResponseTimes({ deskId: desk.id })).lanes;
    await becomes('the answers counted', async () => (await ask()).map(({ lane, answered }) => `${lane} ${answered}`), ['normal 3', 'priority 1']);
    const [byNormal, byPriority] = await ask();
    const [, second, third] = normal.map(({ id }) => seconds.get(id)!);
    near('the median of the normal lane', byNormal!.medianSeconds, second!);
    near('the 90th percentile of the normal lane', byNormal!.p90Seconds, second! + 0.8 * (third! - second!));
    near('the median of the priority lane', byPriority!.medianSeconds, seconds.get(paid.id)!);
    near('the 90th percentile of the priority lane', byPriority!.p90Seconds, seconds.get(paid.id)!);
  }),
];

/** To the second: the services count whole ones. */
function near(what: string, got: string, wanted: number): void {
  expectEqual(`${what}, ${got} s, is within 2 s of ${wanted} s`, Math.abs(Number(got) - wanted) <= 2, true);
}

import type { DeskDocument } from '#kernel/desk/document.js';
import { eventually } from '#testing/neighbours.js';
import { berlin, MONDAY, officeDesk, type SlaUnderTest, startSla } from './service.js';
import { ToldTicket } from './told-ticket.js';

const RULES: DeskDocument['lifecycle'] = [
  {
    id: 'ask_about_problem',
    whileIn: ['pending'],
    from: 'last_public_reply',
    steps: [
      { after: 'P30D', notify: 'ask_if_solved' },
      { after: 'P5D', moveTo: 'solved' },
    ],
  },
];

describe('PKG-17: asked after 30 days, closed 5 days later', () => {
  let under: SlaUnderTest;

  beforeEach(async () => {
    under = await startSla([{ ...officeDesk(), lifecycle: RULES }]);
    await under.startReplica();
    under.clock.set(MONDAY);
  });

  afterEach(() => under?.stop());

  /** Silent since Monday, 18 May 2026, 10:00. */
  const silent = async () => {
    const told = new ToldTicket(under.neighbours);
    await told.opened('2026-05-18 09:00');
    await told.reply('2026-05-18 10:00');
    await told.moved('2026-05-18 10:00', 'pending');
    return told;
  };
  const heard = (told: ToldTicket) => under.neighbours.heard('sla', told.id);
  /** Its events are known: two clocks started, the first response met, the pause. */
  const known = (told: ToldTicket) => eventually('its clocks', async () => (await heard(told)).length >= 5);
  const steps = async (told: ToldTicket) =>
    (await heard(told))
      .filter(({ type }) => type === 'lifecycle.due')
      .map(({ data }) => `${String(data['step'] ?? 0)} ${String(data['dueAt'])}`);
  const stepsAre = (told: ToldTicket, count: number) =>
    eventually(`${count} steps`, async () => {
      const fired = await steps(told);
      return fired.length >= count && fired;
    });

  it('to the second where nothing was late', async () => {
    const told = await silent();
    await known(told);
    under.clock.set(berlin('2026-06-17 10:00:02'));
    await stepsAre(told, 1);
    under.clock.set(berlin('2026-06-22 10:00:02'));
    expect(await stepsAre(told, 2)).toEqual(['0 2026-06-17T08:00:00Z', '1 2026-06-22T08:00:00Z']);
  });

  it('after an outage of weeks both in due order, each with its own instant', async () => {
    const told = await silent();
    await known(told);
    under.clock.set(berlin('2026-07-15 16:00'));
    expect(await stepsAre(told, 2)).toEqual(['0 2026-06-17T08:00:00Z', '1 2026-06-22T08:00:00Z']);
    const sequences = (await heard(told)).map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  });
});

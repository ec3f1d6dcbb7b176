import type { ChildProcess } from 'node:child_process';
import { withClient } from '#testing/infrastructure/databases.js';
import { eventually } from '#testing/neighbours.js';
import { killProcess } from '#testing/source-process.js';
import { plantTimers, startReplicaProcess } from './planted-timers.js';
import { officeDesk, type SlaUnderTest, startSla } from './service.js';

const TIMERS = 2_000;
/** Seconds of the services' clocks in one of ours. */
const SPEED = 60;
const TICK_MS = 50;

describe('timers', () => {
  let under: SlaUnderTest;
  let child: ChildProcess | undefined;
  let ticking: NodeJS.Timeout | undefined;

  beforeEach(async () => {
    under = await startSla([officeDesk()]);
  });

  afterEach(async () => {
    clearInterval(ticking);
    if (child) await killProcess(child);
    await under?.stop();
  });

  it('take effect once each, although one of two replicas is killed in the middle of them', async () => {
    const counts = () =>
      withClient(under.databaseUrl, async (client) => {
        const { rows } = await client.query<Record<'pending' | 'breaches' | 'events' | 'breached' | 'gaps', number>>(`
          SELECT (SELECT count(*) FROM timer)::integer AS pending, (SELECT count(*) FROM breach)::integer AS breaches,
            (SELECT count(*) FROM outbox WHERE type = 'clock.breached')::integer AS events,
            (SELECT count(*) FROM clock WHERE state = 'BREACHED')::integer AS breached,
            (SELECT count(*) FROM sla_ticket WHERE event_sequence <> 1)::integer AS gaps`);
        return rows[0]!;
      });
    const due = new Date(under.clock.now().getTime() + 3_600_000);
    await withClient(under.databaseUrl, (client) => plantTimers(client, { deskId: 'office', count: TIMERS, due, spreadSeconds: 600 }));
    // Ten minutes of timers in some seconds, in this process and in one that dies.
    child = await startReplicaProcess(under, due, SPEED);
    child.send('start');
    under.clock.set(due);
    ticking = setInterval(() => under.clock.advance(TICK_MS * SPEED), TICK_MS);
    await eventually('some effects', async () => (await counts()).breaches > TIMERS / 4);
    await killProcess(child);
    const atTheKill = await counts();
    expect(atTheKill.breaches).toBeLessThan(TIMERS);
    expect(atTheKill.events).toBe(atTheKill.breaches);

    await eventually('all effects', async () => (await counts()).pending === 0, 60_000);
    expect(await counts()).toEqual({ pending: 0, breaches: TIMERS, events: TIMERS, breached: TIMERS, gaps: 0 });
    const told = await eventually('all of them told', async () => {
      const heard = await under.neighbours.heard('sla');
      return heard.length >= TIMERS && heard;
    }, 60_000);
    expect(new Set(told.map(({ data }) => data['ticketId'])).size).toBe(TIMERS);
  }, 180_000);
});

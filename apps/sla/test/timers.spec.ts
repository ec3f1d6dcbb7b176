import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { withClient } from '#testing/infrastructure/databases.js';
import { eventually } from '#testing/neighbours.js';
import { killProcess } from '#testing/source-process.js';
import { plantTimers, startReplicaProcess } from './planted-timers.js';
import { officeDesk, type SlaUnderTest, startSla } from './service.js';

const TIMERS = 10_000;
/** Of them, due a day after the others: at the kill these cannot have fired, however slow the machine. */
const LATER = 2_000;
/** Seconds of the services' clocks in one of ours. */
const SPEED = 60;
const TICK_MS = 50;
const BREACHES = 'SELECT due_at FROM breach ORDER BY due_at';

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

  const plant = (count: number, due: Date, spreadSeconds: number) =>
    withClient(under.databaseUrl, (client) => plantTimers(client, { deskId: 'office', count, due, spreadSeconds }));

  /** Locks the clock whose timer is due at this place in the order; answers how to let it go. */
  async function holdClock(place: number): Promise<() => Promise<unknown>> {
    const client = new pg.Client({ connectionString: under.databaseUrl });
    await client.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM clock WHERE due_at = (SELECT due_at FROM clock ORDER BY due_at OFFSET $1 LIMIT 1) FOR UPDATE', [place]);
    return () => client.end();
  }

  it('fire in due order after an outage, each with its own instant', async () => {
    const due = new Date(under.clock.now().getTime() + 3_600_000);
    await plant(3_000, due, 3_000);
    // One batch cannot write for a while: those that are ready before it wait for it.
    const release = await holdClock(700);
    under.clock.set(new Date(due.getTime() + 30 * 86_400_000));
    await delay(1_000);
    await release();
    const fired = await eventually('all effects', () =>
      withClient(under.databaseUrl, async (client) => {
        const { rows } = await client.query<{ at: Date }>(
          `SELECT occurred_at AS at FROM outbox WHERE type = 'clock.breached' ORDER BY ordinal`,
        );
        return rows.length >= 3_000 && rows;
      }),
    );
    expect(fired.map(({ at }) => at.getTime())).toEqual(Array.from({ length: 3_000 }, (_, i) => due.getTime() + (i + 1) * 1_000));
  });

  it('pass over a ticket that somebody holds, and come back to it', async () => {
    const due = new Date(under.clock.now().getTime() + 3_600_000);
    await plant(1_500, due, 0);
    await plant(1, new Date(due.getTime() - 60_000), 0);
    await withClient(under.databaseUrl, async (client) => {
      await client.query('BEGIN');
      await client.query('SELECT FROM sla_ticket WHERE ticket_id = (SELECT ticket_id FROM timer ORDER BY due_at LIMIT 1) FOR UPDATE');
      await withClient(under.databaseUrl, async (watching) => {
        under.clock.set(new Date(due.getTime() + 1_000));
        const others = await eventually('the others', async () => {
          const { rows } = await watching.query<{ due_at: Date }>(BREACHES);
          return rows.length === 1_500 && rows;
        });
        expect(others[0]!.due_at).toEqual(due);
        await client.query('COMMIT');
        await eventually('the one that was held', async () => (await watching.query(BREACHES)).rowCount === 1_501);
      });
    });
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
    const nextDay = new Date(due.getTime() + 86_400_000);
    await plant(TIMERS - LATER, due, 600);
    await plant(LATER, nextDay, 600);
    // Ten minutes of timers in some seconds, in this process and in one that dies.
    child = await startReplicaProcess(under, due, SPEED);
    child.send('start');
    under.clock.set(due);
    ticking = setInterval(() => under.clock.advance(TICK_MS * SPEED), TICK_MS);
    await eventually('some effects', async () => (await counts()).breaches > TIMERS / 5);
    await killProcess(child);
    const atTheKill = await counts();
    expect(atTheKill.breaches).toBeLessThan(TIMERS);
    expect(atTheKill.events).toBe(atTheKill.breaches);

    clearInterval(ticking);
    under.clock.set(new Date(nextDay.getTime() + 601_000));
    await eventually('all effects', async () => (await counts()).pending === 0);
    expect(await counts()).toEqual({ pending: 0, breaches: TIMERS, events: TIMERS, breached: TIMERS, gaps: 0 });
    const told = await eventually('all of them told', async () => {
      const heard = await under.neighbours.heard('sla');
      return heard.length >= TIMERS && heard;
    });
    expect(new Set(told.map(({ data }) => data['ticketId'])).size).toBe(TIMERS);
  });
});

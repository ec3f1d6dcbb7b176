import { Logger } from '@nestjs/common';
import { jest } from '@jest/globals';
import { eventually } from '#testing/neighbours.js';
import { berlin, MONDAY, officeDesk, type SlaUnderTest, startSla } from './service.js';
import { ToldTicket } from './told-ticket.js';

const lead = { deskId: 'office', roles: ['lead'] } as const;

describe('a ticket whose events have a gap', () => {
  let under: SlaUnderTest;
  const warned = jest.spyOn(Logger.prototype, 'warn');

  beforeAll(async () => {
    under = await startSla([officeDesk()]);
    await under.startReplica();
  });

  beforeEach(() => {
    warned.mockClear();
    under.clock.set(MONDAY);
  });

  afterAll(async () => {
    warned.mockRestore();
    await under?.stop();
  });

  const waiting = async () => (await under.clocks(lead).listWaitingTickets({ pageSize: 0, pageToken: '' })).tickets;
  const waits = (count: number) =>
    eventually(`${count} waiting`, async () => {
      const tickets = await waiting();
      return tickets.length === count && tickets;
    });
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`http://127.0.0.1:${under.service.httpPort}/metrics`)).text();
    return Number(new RegExp(String.raw`^${name}\{[^}]*\} (\S+)$`, 'm').exec(text)?.[1]);
  };
  const shows = (name: string, value: number) =>
    eventually(`${name} ${value}`, async () => (await metric(name)) === value);
  const warnings = () => warned.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('waits for its event'));

  it('is counted, listed and warned of once, and its clocks say that they are provisional', async () => {
    const told = new ToldTicket(under.neighbours);
    await told.opened('2026-05-18 09:00');
    await eventually('its clocks', async () => (await under.neighbours.heard('sla', told.id)).length === 2);
    expect(await under.clocks(lead).listClocks({ ticketId: told.id })).toMatchObject({ missingSequence: 0 });
    await told.at(3).note('2026-05-18 09:30');
    expect(await waits(1)).toMatchObject([{ ticketId: told.id, ticketNumber: told.number, missingSequence: 2 }]);
    const [ticket] = await waiting();
    expect(ticket!.dueAt).toMatchObject({ seconds: String(berlin('2026-05-18 17:00').getTime() / 1000) });
    expect(await under.clocks(lead).listClocks({ ticketId: told.id })).toMatchObject({ missingSequence: 2, clocks: [{}, {}] });
    const explained = await under.clocks(lead).explainDeadline({ ticketId: told.id, target: 'first_response', cycle: 0 });
    expect(explained).toMatchObject({ missingSequence: 2, summary: expect.stringContaining('Provisional: event 2 of the ticket') });
    await shows('priolane_sla_waiting_tickets', 1);
    expect(warnings()).toEqual([]);

    under.clock.set(berlin('2026-05-18 09:10'));
    await shows('priolane_sla_waiting_tickets_oldest_seconds', 600);
    await eventually('the warning', async () => warnings().length > 0);
    under.clock.set(berlin('2026-05-18 18:00'));
    await shows('priolane_sla_waiting_tickets_oldest_seconds', 9 * 3_600);
    expect(warnings()).toEqual([
      expect.stringMatching(new RegExp(`^ticket ${told.number} .* of desk office waits for its event 2 .* due 2026-05-18T15:00:00`)),
    ]);
    expect(await under.neighbours.heard('sla', told.id)).toHaveLength(2);

    await told.at(2).reply('2026-05-18 10:00');
    await waits(0);
    await shows('priolane_sla_waiting_tickets', 0);
    expect(await metric('priolane_sla_waiting_tickets_oldest_seconds')).toBe(0);
    const told2 = await eventually('the rest', async () => {
      const heard = await under.neighbours.heard('sla', told.id);
      return heard.length >= 4 && heard;
    });
    expect(told2.map(({ type }) => type)).toContain('clock.met');
    expect(warnings()).toHaveLength(1);
  });

  it('waits for its opening as well', async () => {
    const told = new ToldTicket(under.neighbours);
    await told.at(2).reply('2026-05-18 09:10');
    expect(await waits(1)).toMatchObject([{ ticketId: told.id, missingSequence: 1, dueAt: null }]);
    await told.at(1).opened('2026-05-18 09:00');
    await waits(0);
  });
});

import type { ChildProcess } from 'node:child_process';
import { eventually } from '#testing/neighbours.js';
import { killProcess, startProcess } from '#testing/source-process.js';
import { SaidTicket, somebody } from './happenings.js';
import { MailServer } from './mail-server.js';
import { type NotificationsUnderTest, startNotifications, startReplica } from './service.js';

interface DeliveryRow {
  readonly state: string;
  readonly attempts: number;
  readonly last_error: string;
  readonly id: string;
}

const QUICK = { MAIL_FIRST_PAUSE_MS: '100', MAIL_ATTEMPTS: '4', MAIL_LEASE_MS: '3000' };

describe('sending', () => {
  let under: NotificationsUnderTest;
  let server: MailServer;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    server = new MailServer();
    await server.start();
    under = await startNotifications({ desks: ['packages'], smtpUrl: server.url, overrides: QUICK });
  });

  afterEach(async () => {
    child?.kill('SIGKILL');
    child = undefined;
    await under?.stop();
    await server.stop();
  });

  async function open(): Promise<SaidTicket> {
    const ticket = new SaidTicket('packages', somebody());
    await under.neighbours.say('tickets', ticket.opened());
    return ticket;
  }

  function delivery(ticket: SaidTicket, state: string): Promise<DeliveryRow> {
    return eventually(`a ${state} delivery`, async () => {
      const rows = await under.rows<DeliveryRow>('SELECT id, state, attempts, last_error FROM delivery WHERE ticket_id = $1', [ticket.id]);
      return rows[0]?.state === state && rows[0];
    });
  }

  it('tries again what the server cannot take for the moment', async () => {
    server.answer = () => (server.mails.length <= 2 ? { code: 451, text: 'greylisted, come back later' } : 'take');
    const sent = await delivery(await open(), 'sent');
    expect(sent.attempts).toBe(3);
    expect(new Set(server.mails.map((mail) => mail.messageId)).size).toBe(1);
  });

  it('gives up at once where the server never will, says why, and publishes it', async () => {
    server.answer = () => ({ code: 550, text: 'no such user here' });
    const failed = await delivery(await open(), 'failed');
    expect(failed).toMatchObject({ attempts: 1, last_error: expect.stringContaining('no such user here') });
    const heard = await eventually('mail.failed', async () => {
      const events = await under.neighbours.heard('notifications', failed.id);
      return events.length > 0 && events;
    });
    expect(heard).toEqual([
      { type: 'mail.failed', sequence: 1, data: expect.objectContaining({ reason: expect.stringContaining('no such user') }) },
    ]);
  });

  it('gives up after the last attempt', async () => {
    server.answer = () => ({ code: 451, text: 'never today' });
    expect(await delivery(await open(), 'failed')).toMatchObject({ attempts: 4, last_error: expect.stringContaining('never today') });
    expect(server.mails).toHaveLength(4);
  });

  it('sends when the server is back', async () => {
    await server.stop();
    const ticket = await open();
    await eventually('a refused connection', async () => {
      const rows = await under.rows<DeliveryRow>('SELECT last_error FROM delivery WHERE ticket_id = $1', [ticket.id]);
      return rows[0]?.last_error.includes('ECONNREFUSED');
    });
    await server.start();
    await delivery(ticket, 'sent');
    expect(server.mails).toHaveLength(1);
  });

  it('one mail that hangs does not hold up the others', async () => {
    const stuck = new SaidTicket('packages', somebody({ email: 'stuck@example.com' }));
    server.answer = ({ to }) => (JSON.stringify(to).includes('stuck@') ? new Promise<void>(() => undefined) : 'take');
    await under.neighbours.say('tickets', stuck.opened());
    await eventually('the mail that hangs', async () => server.mails.length === 1);
    for (const ticket of [await open(), await open(), await open()]) await delivery(ticket, 'sent');
    await delivery(stuck, 'pending');
  });

  it('sends the mail of a killed replica once more, under the same Message-ID', async () => {
    await Promise.all(under.services.splice(0).map((service) => service.close()));
    child = await startProcess(new URL('service-process.ts', import.meta.url), under.setting);
    server.answer = () => new Promise<void>(() => undefined);
    const ticket = await open();
    await eventually('the mail of the replica to be killed', async () => server.mails.length === 1);
    await killProcess(child);

    server.answer = () => 'take';
    under.services.push(await startReplica(under.setting, under.clock));
    expect((await delivery(ticket, 'sent')).attempts).toBe(2);
    expect(server.mails).toHaveLength(2);
    expect(server.mails[0]!.messageId).toBe(server.mails[1]!.messageId);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { startMailbox, type MailboxOptions } from './mailbox.js';
import { stopLeftovers, type Place } from './processes.js';

async function subjects(webUrl: string | undefined): Promise<string[]> {
  const mails = (await (await fetch(`${webUrl}/email`)).json()) as { subject: string }[];
  return mails.map(({ subject }) => subject);
}

describe('the mailbox', () => {
  let place: Place;
  let options: MailboxOptions;

  beforeEach(() => {
    place = { folder: mkdtempSync(join(tmpdir(), 'mailbox-')) };
    options = { place, environment: {}, watcher: { report: () => undefined } };
  });

  afterEach(async () => {
    await stopLeftovers(place);
    rmSync(place.folder, { recursive: true, force: true });
  });

  it('takes mail by SMTP, shows it over HTTP, and still has it after a restart', async () => {
    const first = await startMailbox(options);
    await createTransport(first.smtpUrl).sendMail({ from: 'desk@example.com', to: 'ada@example.com', subject: 'Answered', text: 'Hello' });
    // It shows a mail a moment after it has taken it.
    while ((await subjects(first.webUrl)).length === 0) await sleep(20);
    expect(await subjects(first.webUrl)).toEqual(['Answered']);
    await first.stop();
    const second = await startMailbox(options);
    expect(await subjects(second.webUrl)).toEqual(['Answered']);
    await second.stop();
  });

  it('is the SMTP server that was given', async () => {
    const given = await startMailbox({ ...options, environment: { SMTP_URL: 'smtp://mail.example.com:25' } });
    expect(given).toMatchObject({ kind: 'given', smtpUrl: 'smtp://mail.example.com:25', webUrl: undefined });
  });
});

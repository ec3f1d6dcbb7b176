import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { freePort } from './ports.js';
import { dataFolder, type Command, type Place } from './processes.js';
import { httpProbe, tcpProbe } from './readiness.js';
import { Supervisor, type Watcher } from './supervisor.js';

export interface MailboxOptions {
  readonly place: Place;
  readonly smtpPort?: number;
  readonly webPort?: number;
  readonly restart?: boolean;
  readonly watcher: Watcher;
  readonly environment?: NodeJS.ProcessEnv;
}

export interface StartedMailbox {
  readonly kind: 'given' | 'maildev';
  readonly why: string;
  readonly smtpUrl: string;
  /** The page for a person and the base of maildev's REST API (`GET /email`, `DELETE /email/all`); none behind a given SMTP_URL. */
  readonly webUrl: string | undefined;
  stop(graceMs?: number): Promise<void>;
}

/** A given SMTP server, else a development mailbox that takes every mail and shows it on a page. */
export async function startMailbox(options: MailboxOptions): Promise<StartedMailbox> {
  const given = (options.environment ?? process.env).SMTP_URL;
  if (given !== undefined && given !== '') {
    return { kind: 'given', why: 'given by SMTP_URL', smtpUrl: given, webUrl: undefined, stop: async () => undefined };
  }
  const smtpPort = options.smtpPort ?? (await freePort());
  const webPort = options.webPort ?? (await freePort());
  const webUrl = `http://127.0.0.1:${webPort}`;
  const supervisor = new Supervisor(
    options.place,
    {
      name: 'mailbox',
      command: () => maildev(options.place, smtpPort, webPort),
      ready: async () => (await tcpProbe(smtpPort)()) && (await httpProbe(`${webUrl}/healthz`)()),
      readyLimitMs: 30_000,
      stopGraceMs: 2_000,
      restart: options.restart ?? true,
    },
    options.watcher,
  );
  await supervisor.start();
  return {
    kind: 'maildev',
    why: 'the development mailbox maildev, as no SMTP_URL was given',
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    webUrl,
    stop: (graceMs) => supervisor.stop(graceMs),
  };
}

function maildev(place: Place, smtpPort: number, webPort: number): Command {
  const mail = dataFolder(place, 'mail');
  mkdirSync(mail, { recursive: true });
  const program = join(dirname(createRequire(import.meta.url).resolve('maildev/package.json')), 'bin/maildev');
  const ports = ['--smtp', String(smtpPort), '--web', String(webPort), '--ip', '127.0.0.1'];
  return { command: process.execPath, args: [program, ...ports, '--mail-directory', mail] };
}

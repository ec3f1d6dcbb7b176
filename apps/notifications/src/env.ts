import { z } from 'zod';
import { baseEnv } from '#platform/env.js';

const atLeastOne = z.coerce.number({ error: 'is not a number' }).int().min(1);

export const env = baseEnv.safeExtend({
  /** The server that takes outgoing mail: smtp://user:password@host:587, or smtps:// for TLS from the start. */
  SMTP_URL: z.string().regex(/^smtps?:\/\/\S+$/, { error: 'is not an smtp:// or smtps:// URL' }),
  SMTP_CONNECTIONS: atLeastOne.default(5),
  /** How often a mail is tried before it has failed for good; with the pauses below, about a day and a half. */
  MAIL_ATTEMPTS: atLeastOne.default(40),
  /** The pause after the first failure; each further one is twice as long, an hour at most. */
  MAIL_FIRST_PAUSE_MS: atLeastOne.default(15_000),
  /** For how long a replica keeps a mail to itself; if it dies, another one sends the mail after that. */
  MAIL_LEASE_MS: atLeastOne.default(120_000),
});

export type NotificationsEnv = z.output<typeof env>;

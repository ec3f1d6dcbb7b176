import { z } from 'zod';
import { baseEnv } from '#platform/env.js';

const KEY_BYTES = 32;

export const accountsEnv = baseEnv.safeExtend({
  /** 32 random bytes in base64: under it the signing keys are stored. Losing it ends every token and nothing else. */
  KEY_ENCRYPTION_KEY: z
    .string()
    .refine((text) => Buffer.from(text, 'base64').length === KEY_BYTES, { error: `is not ${KEY_BYTES} bytes in base64` }),
  /** An API key that is always accepted, as the installation's admin: for the first start and for disasters. */
  BOOTSTRAP_ADMIN_KEY: z.string().min(16, { error: 'is shorter than 16 characters' }).optional(),
  /** After how many days another key signs. */
  SIGNING_KEY_DAYS: z.coerce.number({ error: 'is not a number' }).int().min(1).max(365).default(30),
});

export type AccountsEnv = z.output<typeof accountsEnv>;

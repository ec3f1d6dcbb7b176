import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readJsonFile, writeJsonFile } from '#testing/infrastructure/json-file.js';

/** Made once for a folder of data and kept beside it: keys that are stored encrypted must stay readable. */
export interface Secrets {
  readonly bootstrapAdminKey: string;
  /** 32 bytes, base64. */
  readonly keyEncryptionKey: string;
  readonly stripeWebhookSecret: string;
}

export function loadSecrets(folder: string): Secrets {
  const file = join(folder, 'secrets.json');
  const known = readJsonFile<Secrets>(file);
  if (known !== undefined) return known;
  const made: Secrets = {
    bootstrapAdminKey: `pl_admin_${randomBytes(24).toString('base64url')}`,
    keyEncryptionKey: randomBytes(32).toString('base64'),
    stripeWebhookSecret: `whsec_${randomBytes(24).toString('base64url')}`,
  };
  writeJsonFile(file, made);
  return made;
}

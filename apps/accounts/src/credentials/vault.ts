import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '#platform/platform.module.js';
import type { AccountsEnv } from '../env.js';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps what has to be stored and read again, under KEY_ENCRYPTION_KEY. */
@Injectable()
export class Vault {
  private readonly sealingKey: Buffer;
  private readonly digestKey: Buffer;

  constructor(@Inject(ENV) env: Pick<AccountsEnv, 'KEY_ENCRYPTION_KEY'>) {
    const master = Buffer.from(env.KEY_ENCRYPTION_KEY, 'base64');
    this.sealingKey = derive(master, 'priolane.accounts.seal');
    this.digestKey = derive(master, 'priolane.accounts.digest');
  }

  /** `purpose` has to be the same when it is opened: what is sealed for one thing cannot pass for another. */
  seal(text: string, purpose: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.sealingKey, iv).setAAD(Buffer.from(purpose));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]);
  }

  /** Throws where the key is another one, or the bytes were changed. */
  open(sealed: Buffer, purpose: string): string {
    const decipher = createDecipheriv(CIPHER, this.sealingKey, sealed.subarray(0, IV_BYTES))
      .setAAD(Buffer.from(purpose))
      .setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
  }

  /** Tells equal texts from different ones without giving a guesser anything to work on. */
  digest(text: string): string {
    return createHmac('sha256', this.digestKey).update(text).digest('base64');
  }
}

function derive(master: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), purpose, 32));
}

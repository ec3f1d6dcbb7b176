import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';

/** Argon2id with the library's parameters (19 MiB, 2 passes), which are OWASP's. */
@Injectable()
export class Passwords {
  private decoy?: Promise<string>;

  hash(password: string): Promise<string> {
    return hash(password);
  }

  /** Takes as long for an address that nobody has, so that the time does not tell either. */
  async verify(stored: string | undefined, password: string): Promise<boolean> {
    this.decoy ??= hash(randomBytes(32));
    const matches = await verify(stored ?? (await this.decoy), password);
    return stored !== undefined && matches;
  }
}

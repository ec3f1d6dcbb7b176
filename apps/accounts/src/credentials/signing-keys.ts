import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { KeySource, type PublishedKey } from '#platform/auth/key-source.js';
import { RotateSigningKeys } from '../use-cases/rotate-signing-keys.js';
import { importPrivateKey, type PrivateKey } from './signing-key-pair.js';
import { Vault } from './vault.js';

/** How long a replica signs and publishes by what it last read; retired keys are kept much longer. */
const FRESH_MS = 60_000;

interface Ring {
  readonly readAt: number;
  readonly published: readonly PublishedKey[];
  readonly current: { readonly kid: string; readonly key: PrivateKey };
}

/**
 * The keys as this replica knows them. Reading them also makes the first pair and rotates what is due: there is no job
 * that could be forgotten. The next key is published long before it signs, so that verifiers have it.
 */
@Injectable()
export class SigningKeys extends KeySource {
  private ring?: Ring;
  private reading?: Promise<Ring>;

  constructor(
    private readonly rotate: RotateSigningKeys,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {
    super();
  }

  async list(): Promise<readonly PublishedKey[]> {
    return (await this.fresh()).published;
  }

  async current(): Promise<Ring['current']> {
    return (await this.fresh()).current;
  }

  private async fresh(): Promise<Ring> {
    const now = this.clock.now().getTime();
    // A clock that was set back makes it stale as well.
    if (this.ring && Math.abs(now - this.ring.readAt) < FRESH_MS) return this.ring;
    this.reading ??= this.read(now).finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async read(now: number): Promise<Ring> {
    const rows = await this.rotate.execute();
    const current = rows.find((row) => row.activeFrom !== null && row.retiredAt === null)!;
    const privateJwk = this.vault.open(current.sealedPrivateJwk, current.kid);
    this.ring = {
      readAt: now,
      published: rows.map((row) => ({ kid: row.kid, jwk: row.publicJwk })),
      current: { kid: current.kid, key: await importPrivateKey(privateJwk) },
    };
    return this.ring;
  }
}

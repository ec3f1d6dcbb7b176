import { importJWK, type JWK } from 'jose';
import { DomainError } from '#kernel/errors.js';
import type { Log } from '../logging/log.js';
import type { KeySource } from './key-source.js';

type VerificationKey = Awaited<ReturnType<typeof importJWK>>;

const REFRESH_MS = 60_000;
/** Tokens with invented key ids must not become calls to accounts. */
const MIN_INTERVAL_MS = 3_000;

/** The keys that verify tokens, kept fresh in the background and kept at all while accounts does not answer. */
export class KeyRing {
  private keys = new Map<string, VerificationKey>();
  private refreshing?: Promise<void>;
  private lastAttempt = -Infinity;
  private failure?: unknown;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly source: () => KeySource,
    private readonly log: Log,
  ) {}

  start(): void {
    void this.refresh();
    this.timer = setInterval(() => void this.refresh(), REFRESH_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Undefined when nobody publishes such a key; UNAVAILABLE when that cannot be found out. */
  async find(kid: string): Promise<VerificationKey | undefined> {
    const known = this.keys.get(kid);
    if (known) return known;
    if (this.refreshing || performance.now() - this.lastAttempt >= MIN_INTERVAL_MS) await this.refresh();
    const found = this.keys.get(kid);
    if (!found && this.failure !== undefined) throw this.unavailable();
    return found;
  }

  /** For the readiness probe. */
  async check(): Promise<void> {
    if (this.keys.size === 0) await this.refresh();
    if (this.keys.size === 0) throw this.unavailable();
  }

  private refresh(): Promise<void> {
    this.refreshing ??= this.load().finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  private async load(): Promise<void> {
    this.lastAttempt = performance.now();
    try {
      const published = await this.source().list();
      const imported = published.map(async ({ kid, jwk }): Promise<[string, VerificationKey]> => {
        return [kid, await importJWK(JSON.parse(jwk) as JWK, 'EdDSA')];
      });
      this.keys = new Map(await Promise.all(imported));
      this.failure = undefined;
    } catch (error) {
      this.failure = error;
      this.log.warn({ err: error, keys: this.keys.size }, 'the signing keys could not be fetched; known keys stay');
    }
  }

  private unavailable(): DomainError {
    return new DomainError('UNAVAILABLE', 'SIGNING_KEYS_UNAVAILABLE', 'tokens cannot be verified at the moment', {
      cause: this.failure,
    });
  }
}

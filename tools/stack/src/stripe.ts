import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder, type Place } from '#testing/infrastructure/processes.js';
import { tcpProbe } from '#testing/infrastructure/readiness.js';
import { Supervisor, type Watcher } from '#testing/infrastructure/supervisor.js';

export interface StripeOptions {
  readonly place: Place;
  readonly port: number;
  /** Where Stripe's events are to go. */
  readonly webhookUrl: string;
  readonly webhookSecret: string;
  readonly clockFile: string;
  /** The folder with the compiled programs. */
  readonly programs: string;
  readonly watcher: Watcher;
  readonly environment: NodeJS.ProcessEnv;
}

export interface StartedStripe {
  readonly kind: 'given' | 'sandbox';
  readonly why: string;
  readonly apiBase: string;
  readonly apiKey: string;
  readonly webhookSecret: string;
  stop(graceMs?: number): Promise<void>;
}

/** Stripe itself when a key is given, else the sandbox. */
export async function startStripe(options: StripeOptions): Promise<StartedStripe> {
  const { environment, port, place } = options;
  const apiKey = environment.STRIPE_API_KEY ?? '';
  if (apiKey !== '') {
    const webhookSecret = environment.STRIPE_WEBHOOK_SECRET ?? '';
    if (webhookSecret === '') throw new Error('STRIPE_API_KEY is set, but STRIPE_WEBHOOK_SECRET is not: billing could verify no event.');
    const apiBase = environment.STRIPE_API_BASE ?? 'https://api.stripe.com';
    return { kind: 'given', why: 'given by STRIPE_API_KEY', apiBase, apiKey, webhookSecret, stop: async () => undefined };
  }
  const data = dataFolder(place, 'stripe');
  mkdirSync(data, { recursive: true });
  const main = join(options.programs, 'tools/stripe-sandbox/src/main.js');
  const webhook = ['--webhook', options.webhookUrl, '--webhook-secret', options.webhookSecret];
  const args = [main, '--port', String(port), '--data', data, ...webhook, '--clock-file', options.clockFile];
  const supervisor = new Supervisor(
    place,
    {
      name: 'stripe-sandbox',
      command: () => ({ command: process.execPath, args }),
      ready: tcpProbe(port),
      readyLimitMs: 30_000,
      stopGraceMs: 3_000,
      restart: true,
    },
    options.watcher,
  );
  await supervisor.start();
  return {
    kind: 'sandbox',
    why: 'the sandbox of this repository, as no STRIPE_API_KEY was given',
    apiBase: `http://127.0.0.1:${port}`,
    apiKey: 'sk_test_priolane',
    webhookSecret: options.webhookSecret,
    stop: (graceMs) => supervisor.stop(graceMs),
  };
}

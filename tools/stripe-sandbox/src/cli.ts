import { Command, InvalidArgumentError, Option } from 'commander';
import type { Logger } from 'pino';
import { BANNER, type Sandbox, startSandbox } from './sandbox.js';
import { IN_MEMORY } from './store.js';

interface Flags {
  readonly host: string;
  readonly port: number;
  readonly data: string;
  readonly webhook?: string;
  readonly webhookSecret?: string;
  readonly clockFile?: string;
  readonly retryMs: number;
  readonly deliveryTimeoutMs: number;
}

/**
 * Starts the sandbox as the arguments say. In production it refuses: a desk that believes it was paid by a stand-in is
 * worse than one that does not start.
 */
export async function run(args: readonly string[], nodeEnv: string | undefined, log: Logger): Promise<Sandbox> {
  const command = new Command('stripe-sandbox')
    .description(BANNER)
    .addOption(new Option('--host <address>', 'address to listen on').env('STRIPE_SANDBOX_HOST').default('127.0.0.1'))
    .addOption(
      new Option('--port <number>', '0 picks a free one').env('STRIPE_SANDBOX_PORT').argParser(whole).default(12111),
    )
    .addOption(
      new Option('--data <folder>', `where the state is kept; ${IN_MEMORY} keeps none`)
        .env('STRIPE_SANDBOX_DATA')
        .default(IN_MEMORY),
    )
    .addOption(new Option('--webhook <url>', 'where events are sent').env('STRIPE_SANDBOX_WEBHOOK'))
    .addOption(
      new Option('--webhook-secret <secret>', 'whsec_… they are signed with').env('STRIPE_SANDBOX_WEBHOOK_SECRET'),
    )
    .addOption(
      new Option('--clock-file <path>', 'JSON {"offsetMs": number} that shifts now, shared between processes').env(
        'STRIPE_SANDBOX_CLOCK_FILE',
      ),
    )
    .addOption(
      new Option('--retry-ms <number>', 'pause after a first failed webhook; it doubles')
        .argParser(whole)
        .default(1000),
    )
    .addOption(
      new Option('--delivery-timeout-ms <number>', 'how long a webhook may take').argParser(whole).default(10_000),
    );
  command.parse(args, { from: 'user' });
  const flags = command.opts<Flags>();
  if (nodeEnv === 'production') throw new Error(`Refused with NODE_ENV=production. ${BANNER}`);
  if ((flags.webhook === undefined) !== (flags.webhookSecret === undefined)) {
    throw new Error('--webhook and --webhook-secret go together.');
  }
  return startSandbox(
    {
      host: flags.host,
      port: flags.port,
      data: flags.data,
      clockFile: flags.clockFile,
      webhook: flags.webhook && flags.webhookSecret ? { url: flags.webhook, secret: flags.webhookSecret } : undefined,
      firstRetryMs: flags.retryMs,
      deliveryTimeoutMs: flags.deliveryTimeoutMs,
    },
    log,
  );
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('not a whole number');
  return Number(text);
}

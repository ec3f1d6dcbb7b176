import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { Stripe } from 'stripe';
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.js';

export const SECRET = 'whsec_sandbox_tests';

export interface Rig {
  readonly sandbox: Sandbox;
  readonly stripe: Stripe;
  /** A handle under `/sandbox`, with its answer; anything but a 2xx is an error. */
  control<T = Record<string, unknown>>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<T>;
}

export async function startRig(options: Partial<SandboxOptions> = {}): Promise<Rig> {
  const sandbox = await startSandbox(
    { host: '127.0.0.1', port: 0, data: ':memory:', firstRetryMs: 20, deliveryTimeoutMs: 2000, ...options },
    pino({ level: 'silent' }),
  );
  return {
    sandbox,
    stripe: clientFor(sandbox.url),
    control: async <T>(method: string, path: string, body?: object) => {
      const response = await fetch(`${sandbox.url}/sandbox${path}`, {
        method,
        ...(body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
  };
}

export function clientFor(url: string, config: { maxNetworkRetries?: number; timeout?: number } = {}): Stripe {
  const { hostname, port } = new URL(url);
  return new Stripe('sk_test_tests', {
    host: hostname,
    port: Number(port),
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    ...config,
  });
}

/** The fields every payment of the tests shares: a card, confirmed at once, no redirects. */
export function card(
  amount: number,
  currency = 'eur',
  paymentMethod = 'pm_card_visa',
): Stripe.PaymentIntentCreateParams {
  return { amount, currency, payment_method: paymentMethod, confirm: true, allowed_payment_method_types: ['card'] };
}

/** What the SDK throws for a refused call. */
export async function refusal(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('the call was expected to be refused');
}

/** A webhook endpoint that checks each signature with the SDK and answers what it is told to. */
export class Receiver {
  readonly received: Stripe.Event[] = [];
  readonly attempts: number[] = [];
  /** Answers for the next calls; after them 200. */
  answers: number[] = [];

  private constructor(private readonly server: Server) {}

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/webhook`;
  }

  static async start(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    const { webhooks } = new Stripe('sk_test_tests');
    server.on('request', (req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        const status = receiver.answers.shift() ?? 200;
        receiver.attempts.push(status);
        const signature = String(req.headers['stripe-signature']);
        const event = webhooks.constructEvent(Buffer.concat(chunks), signature, SECRET);
        if (status < 300) receiver.received.push(event);
        res.writeHead(status).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  types(): string[] {
    return this.received.map((event) => event.type);
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

/** Waits until `condition` holds; five seconds are long for anything in one process. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = 500; left > 0; left -= 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the awaited condition did not come about within 5 s');
}

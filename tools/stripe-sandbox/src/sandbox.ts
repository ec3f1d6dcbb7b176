import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { Logger } from 'pino';
import { SandboxClock } from './clock.js';
import { controlRouter } from './control/router.js';
import { Faults } from './faults.js';
import { apiRouter } from './http/api.js';
import { disputeRoutes } from './money/disputes.js';
import { matureLines } from './money/lines.js';
import { payoutRoutes } from './money/payouts.js';
import { refundRoutes } from './money/refunds.js';
import { customerRoutes } from './payments/customers.js';
import { expireHolds } from './payments/holds.js';
import { paymentRoutes } from './payments/routes.js';
import { Store } from './store.js';
import { Dispatcher } from './webhooks/dispatcher.js';
import { ensureEndpoint, webhookRoutes } from './webhooks/endpoints.js';
import type { Work } from './work.js';

export const BANNER = 'STRIPE SANDBOX: a development stand-in, not Stripe. No money moves. Never use it in production.';

export interface SandboxOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** A folder, or `:memory:`. */
  readonly data: string;
  readonly clockFile?: string | undefined;
  readonly webhook?: { readonly url: string; readonly secret: string } | undefined;
  readonly firstRetryMs: number;
  readonly deliveryTimeoutMs: number;
}

export interface Sandbox {
  readonly url: string;
  stop(): Promise<void>;
}

const ROUTES = [
  ...paymentRoutes,
  ...customerRoutes,
  ...refundRoutes,
  ...disputeRoutes,
  ...payoutRoutes,
  ...webhookRoutes,
];

export async function startSandbox(options: SandboxOptions, log: Logger): Promise<Sandbox> {
  const store = Store.open(options.data);
  const clock = new SandboxClock(store, options.clockFile);
  const ownWork = (): Work => ({ store, now: clock.seconds(), request: { id: null, idempotency_key: null } });
  if (options.webhook) {
    const { url, secret } = options.webhook;
    store.transact(() => ensureEndpoint(ownWork(), url, secret));
  }
  const dispatcher = new Dispatcher(
    store,
    clock,
    { firstRetryMs: options.firstRetryMs, timeoutMs: options.deliveryTimeoutMs },
    log,
  );

  let sweptAt = -Infinity;
  const sweep = (): void => {
    const work = ownWork();
    if (work.now === sweptAt) return;
    store.transact(() => {
      expireHolds(work);
      matureLines(work);
    });
    sweptAt = work.now;
  };
  const parts = { store, clock, faults: new Faults(), sweep };

  const app = express();
  app.set('query parser', 'extended');
  app.disable('x-powered-by').disable('etag');
  app.use((_, res, next) => {
    res.set('Stripe-Sandbox', BANNER);
    next();
  });
  app.get('/healthz', (_, res) => void res.json({ status: 'ok', sandbox: BANNER }));
  app.use('/sandbox', controlRouter(parts));
  app.use(apiRouter(ROUTES, parts));
  app.use((error: Error & { status?: number }, _: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) return next(error);
    const status = error.status ?? 500;
    if (status >= 500) log.error(error);
    const type = status >= 500 ? 'api_error' : 'invalid_request_error';
    return res.status(status).json({ error: { type, message: error.message } });
  });

  const server = createServer(app);
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
  log.warn({ url, data: options.data }, BANNER);
  const timer = setInterval(sweep, 1000);

  return {
    url,
    stop: async () => {
      clearInterval(timer);
      const closed = once(server, 'close');
      server.close();
      // Calls that were ordered to time out hang until here.
      server.closeAllConnections();
      await Promise.all([closed, dispatcher.stop()]);
      store.close();
    },
  };
}

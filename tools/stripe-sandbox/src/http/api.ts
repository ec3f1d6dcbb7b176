import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import express, { type Request, type Response, type Router } from 'express';
import { Stripe } from 'stripe';
import { z } from 'zod';
import type { SandboxClock } from '../clock.js';
import { ApiError } from '../errors.js';
import type { Fault, Faults } from '../faults.js';
import type { Store } from '../store.js';
import type { Work } from '../work.js';
import { expand } from './expand.js';
import { fingerprint, Idempotency, type KeyedCall } from './idempotency.js';
import { parse } from './params.js';
import type { Route } from './route.js';

export interface ApiParts {
  readonly store: Store;
  readonly clock: SandboxClock;
  readonly faults: Faults;
  /** Does what the passing of time demands before a call looks at the state. */
  readonly sweep: () => void;
}

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly replayOf?: string;
}

const expandField = z.looseObject({ expand: z.array(z.string()).default([]) });

/** Stripe's API as far as the routes go: keys, errors, versions and idempotency are the same for each of them. */
export function apiRouter(routes: readonly Route[], parts: ApiParts): Router {
  const router = express.Router();
  const idempotency = new Idempotency(parts.store);
  router.use(express.urlencoded({ extended: true, limit: '1mb' }));
  for (const route of routes) {
    router[route.method](route.path, (req, res) => answer(req, res, route, parts, idempotency));
  }
  router.use('/v1', (req, res) => {
    const message = `Unrecognized request URL (${req.method}: ${req.originalUrl}): Stripe may know it, the sandbox does not.`;
    send(res, { status: 404, body: { error: { type: 'invalid_request_error', message } } });
  });
  return router;
}

async function answer(
  req: Request,
  res: Response,
  route: Route,
  parts: ApiParts,
  idempotency: Idempotency,
): Promise<void> {
  const requestId = `req_${randomBytes(7).toString('hex')}`;
  const key = req.method === 'POST' ? req.get('Idempotency-Key') : undefined;
  res.set({ 'Request-Id': requestId, 'Stripe-Version': req.get('Stripe-Version') ?? Stripe.API_VERSION });
  if (key !== undefined) res.set('Idempotency-Key', key);
  const fault = parts.faults.take(req.method, req.path);
  if (fault?.kind === 'timeout_before') return;
  if (fault?.kind === 'error_before') return send(res, broken(fault));
  let result: Answer;
  try {
    authenticate(req);
    parts.sweep();
    const input = (req.method === 'POST' ? (req.body as object | undefined) : req.query) ?? {};
    const call = key === undefined ? undefined : { key, endpoint: req.path, fingerprint: fingerprint(input) };
    const kept = call && idempotency.recall(call, parts.clock.seconds());
    result =
      kept === undefined
        ? await idempotency.whileAtWork(key, async () => {
            if (fault?.kind === 'slow') await sleep(fault.delay_ms);
            return perform(route, String(req.params['id'] ?? ''), input, call, requestId, parts, idempotency);
          })
        : { status: kept.status, body: kept.body, replayOf: kept.request_id };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    result = { status: error.status, body: { error: error.body } };
  }
  if (fault?.kind === 'timeout_after') return;
  if (fault?.kind === 'disconnect_after') {
    res.destroy();
    return;
  }
  send(res, fault?.kind === 'error_after' ? broken(fault) : result);
}

/** The operation and the answer kept under its key are one transaction. */
function perform(
  route: Route,
  id: string,
  input: object,
  call: KeyedCall | undefined,
  requestId: string,
  { store, clock }: ApiParts,
  idempotency: Idempotency,
): Answer {
  const now = clock.seconds();
  const work: Work = { store, now, request: { id: requestId, idempotency_key: call?.key ?? null } };
  return store.transact(() => {
    let result: Answer;
    try {
      const { expand: paths, ...rest } = parse(expandField, input);
      const body = structuredClone(route.run({ work, id, input: rest }));
      expand(work, body, paths);
      result = { status: 200, body };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.trace !== 'recorded') store.rollback();
      result = { status: error.status, body: { error: error.body } };
      if (error.trace === 'unread') return result;
    }
    if (call !== undefined) idempotency.keep(call, result, requestId, now);
    return result;
  });
}

function authenticate(req: Request): void {
  const header = req.get('Authorization') ?? '';
  const [scheme = '', credentials = ''] = header.split(' ');
  const key = scheme === 'Basic' ? Buffer.from(credentials, 'base64').toString().replace(/:$/, '') : credentials;
  if (/^[sr]k_test_/.test(key)) return;
  const message =
    key === '' ? 'You did not provide an API key.' : 'Invalid API Key provided: the sandbox takes test keys only.';
  throw new ApiError(401, { type: 'invalid_request_error', message }, 'unread');
}

function broken(fault: Fault): Answer {
  const message = 'An unexpected error occurred (ordered through /sandbox/faults).';
  return { status: fault.status, body: { error: { type: 'api_error', message } } };
}

function send(res: Response, { status, body, replayOf }: Answer): void {
  if (replayOf !== undefined) res.set({ 'Idempotent-Replayed': 'true', 'Original-Request': replayOf });
  res.status(status).json(body);
}

import express, { type Response, type Router } from 'express';
import { z, ZodError } from 'zod';
import { ApiError } from '../errors.js';
import { faultFields } from '../faults.js';
import type { ApiParts } from '../http/api.js';
import type { Work } from '../work.js';
import { actions } from './actions.js';

const clockMove = z
  .strictObject({ advance_seconds: z.number().optional(), to: z.iso.datetime({ offset: true }).optional() })
  .refine((move) => (move.advance_seconds === undefined) !== (move.to === undefined), 'give advance_seconds or to');

/** The handles under `/sandbox`: what a bank, the passing of time and bad luck do to a real account. */
export function controlRouter({ store, clock, faults, sweep }: ApiParts): Router {
  const router = express.Router();
  router.use(express.json());
  for (const action of actions) {
    router[action.method](action.path, (req, res) => {
      reply(res, () => {
        sweep();
        const work: Work = { store, now: clock.seconds(), request: { id: null, idempotency_key: null } };
        const input = (req.method === 'GET' ? req.query : (req.body as object | undefined)) ?? {};
        return store.transact(() => action.run(work, String(req.params['id'] ?? ''), input));
      });
    });
  }
  const showClock = (): object => ({ now: clock.now().toISOString() });
  router.get('/clock', (_, res) => reply(res, showClock));
  router.post('/clock', (req, res) => {
    reply(res, () => {
      const { advance_seconds = 0, to } = clockMove.parse(req.body);
      const instant = to === undefined ? new Date(clock.now().getTime() + advance_seconds * 1000) : new Date(to);
      store.transact(() => clock.moveTo(instant));
      sweep();
      return showClock();
    });
  });
  router.get('/faults', (_, res) => reply(res, () => ({ data: faults.list() })));
  router.post('/faults', (req, res) => {
    reply(res, () => {
      faults.plan(faultFields.parse(req.body));
      return { data: faults.list() };
    });
  });
  router.delete('/faults', (_, res) => {
    reply(res, () => {
      faults.clear();
      return { data: [] };
    });
  });
  return router;
}

function reply(res: Response, work: () => unknown): void {
  try {
    res.json(work());
  } catch (error) {
    if (error instanceof ApiError) {
      res.status(error.status).json({ error: error.body });
    } else if (error instanceof ZodError) {
      res.status(400).json({ error: { type: 'invalid_request_error', message: z.prettifyError(error) } });
    } else {
      throw error;
    }
  }
}

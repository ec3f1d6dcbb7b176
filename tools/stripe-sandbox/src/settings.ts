import { z } from 'zod';
import type { Settings } from './model.js';
import type { Store } from './store.js';

const DAY = 86_400;

const DEFAULTS: Settings = {
  id: 'settings',
  clock_offset_ms: 0,
  hold_seconds: 7 * DAY,
  settle_seconds: 2 * DAY,
  partial_capture: 'two_lines',
  fees: {
    eur: { basis_points: 140, fixed: 25 },
    gbp: { basis_points: 140, fixed: 20 },
    usd: { basis_points: 290, fixed: 30 },
    jpy: { basis_points: 360, fixed: 0 },
    default: { basis_points: 290, fixed: 30 },
  },
  dispute_fees: { eur: 2000, gbp: 2000, usd: 1500, jpy: 1500, default: 1500 },
  settlement: {},
  next_refunds: [],
  webhooks_held: false,
  webhooks_drop_next: 0,
};

const currency = z.string().regex(/^[a-z]{3}$/);

/** What `POST /sandbox/settings` takes; a table given replaces the entries it names. */
export const settingsChange = z.strictObject({
  hold_seconds: z.int().positive().optional(),
  settle_seconds: z.int().nonnegative().optional(),
  partial_capture: z.enum(['two_lines', 'one_line']).optional(),
  fees: z
    .record(z.union([currency, z.literal('default')]), z.strictObject({ basis_points: z.int(), fixed: z.int() }))
    .optional(),
  dispute_fees: z.record(z.union([currency, z.literal('default')]), z.int()).optional(),
  settlement: z.record(currency, z.strictObject({ currency, rate: z.number().positive() })).optional(),
  next_refunds: z.array(z.enum(['succeeded', 'pending', 'failed'])).optional(),
});

export function settings(store: Store): Settings {
  return store.get('settings', 'settings') ?? structuredClone(DEFAULTS);
}

export function changeSettings(store: Store, change: z.infer<typeof settingsChange>): Settings {
  const old = settings(store);
  const next = {
    ...old,
    ...change,
    fees: { ...old.fees, ...change.fees },
    dispute_fees: { ...old.dispute_fees, ...change.dispute_fees },
    settlement: { ...old.settlement, ...change.settlement },
  };
  store.put('settings', next);
  return next;
}

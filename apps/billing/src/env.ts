import { z } from 'zod';
import { baseEnv } from '#platform/env.js';

const milliseconds = z.coerce.number().int().min(1);

export const env = baseEnv
  .safeExtend({
    STRIPE_API_KEY: z.string(),
    STRIPE_API_BASE: z.url({ protocol: /^https?$/ }).default('https://api.stripe.com'),
    STRIPE_WEBHOOK_SECRET: z.string(),
    STRIPE_TIMEOUT_MS: milliseconds.default(4_000),
    /** How long a replica may be at work on something before another takes over. */
    STRIPE_LEASE_MS: milliseconds.default(30_000),
    /** Stripe is asked about a payment when no event has come for so long. */
    STRIPE_POLL_AFTER_MS: milliseconds.default(60_000),
    STRIPE_WORKER_INTERVAL_MS: milliseconds.default(1_000),
  })
  .refine((env) => env.NODE_ENV !== 'production' || env.STRIPE_API_BASE.startsWith('https:'), {
    path: ['STRIPE_API_BASE'],
    error: 'must be https in production',
    when: () => true,
  });

export type BillingEnv = z.output<typeof env>;

import { baseEnv } from '#platform/env.js';
import type { z } from 'zod';

export const env = baseEnv;
export type TicketsEnv = z.output<typeof env>;

import { baseEnv } from '#platform/env.js';
import type { z } from 'zod';

export const env = baseEnv;
export type SlaEnv = z.output<typeof env>;

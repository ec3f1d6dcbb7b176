import { readFileSync } from 'node:fs';
import { z } from 'zod';

const instant = z.iso.datetime();
const verdict = z.enum(['MET', 'BREACHED']);

const expectedIncident = z.object({
  number: z.string().min(1),
  opened_at: instant,
  first_response_at: instant,
  first_response_seconds: z.int(),
  solved_at: instant,
  resolution_seconds: z.int(),
  // Left out for incidents whose priority changed: the targets that held for them are nobody's knowledge.
  first_response: verdict.optional(),
  first_response_due: instant.optional(),
  resolution: verdict.optional(),
});

/** What the clocks of an incident must say, by an independent program. */
export type ExpectedIncident = z.infer<typeof expectedIncident>;

const expectedFile = z.object({ incidents: z.array(expectedIncident).min(1) });

export function readExpected(path: string): ExpectedIncident[] {
  const read = expectedFile.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!read.success) throw new Error(`${path}: ${z.prettifyError(read.error)}`);
  return read.data.incidents;
}

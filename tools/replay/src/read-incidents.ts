import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { z } from 'zod';

const auditRow = z.object({
  number: z.string().min(1),
  incident_state: z.string().min(1),
  sys_mod_count: z.string().regex(/^\d+$/),
  caller_id: z.string(),
  opened_at: z.string(),
  sys_updated_at: z.string(),
  contact_type: z.string(),
  location: z.string(),
  category: z.string(),
  subcategory: z.string(),
  u_symptom: z.string(),
  priority: z.string().min(1),
});

/** What an incident looked like after one update: a line of the audit log. Unknown values are `?`. */
export type AuditRow = z.infer<typeof auditRow>;

/** The rows of one incident, at least one, in the order of the file. */
export type Incident = readonly [AuditRow, ...AuditRow[]];

/** Incidents in the order in which the file first names them. Throws for a row that is none, with its line. */
export async function readIncidents(path: string): Promise<Incident[]> {
  const incidents = new Map<string, [AuditRow, ...AuditRow[]]>();
  await pipeline(createReadStream(path), parse({ columns: true, bom: true, info: true }), async (records) => {
    for await (const { record, info } of records as AsyncIterable<{ record: unknown; info: { lines: number } }>) {
      const read = auditRow.safeParse(record);
      if (!read.success) throw new Error(`${path}:${info.lines}: ${z.prettifyError(read.error)}`);
      const known = incidents.get(read.data.number);
      if (known) known.push(read.data);
      else incidents.set(read.data.number, [read.data]);
    }
  });
  return [...incidents.values()];
}

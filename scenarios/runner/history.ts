import type { ImportedEntry } from '#contracts/generated/priolane/tickets/v1/intake.js';
import { toTimestamp } from '#platform/grpc/timestamps.js';

/** What happened to a ticket before it was moved in: at exact instants. */
export const history = {
  agent: (at: Date): ImportedEntry => said('agent', at),
  customer: (at: Date): ImportedEntry => said('customer', at),
  status: (status: string, at: Date): ImportedEntry => ({ occurredAt: toTimestamp(at), status }),
};

function said(authorKind: string, at: Date): ImportedEntry {
  const message = { authorKind, authorName: authorKind, body: 'What was said.', internal: false };
  return { occurredAt: toTimestamp(at), message };
}

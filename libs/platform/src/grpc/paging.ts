import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalid } from '#kernel/errors.js';

export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 500;

/** The paging fields that every List request has. */
export interface PageRequest {
  readonly pageSize: number;
  readonly pageToken: string;
}

export interface Page<C> {
  /** Rows to answer with; read one more to know whether there is a next page. */
  readonly size: number;
  /** Where the page begins; undefined for the first one. */
  readonly cursor?: C;
}

const envelope = z.object({ q: z.string(), c: z.unknown() });

/**
 * Reads a List request's paging fields. `query` is what the token is bound to (filters, order, who asks): a token of
 * another query is INVALID, as is one that the cursor's schema does not take. 0 rows asked for means 50, 500 at most.
 */
export function readPage<C>(request: PageRequest, query: unknown, cursor: z.ZodType<C>): Page<C> {
  if (request.pageSize < 0) throw invalid([{ field: 'page_size', description: 'must not be negative' }]);
  const size = Math.min(request.pageSize || DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  if (request.pageToken === '') return { size };
  const token = envelope.safeParse(decode(request.pageToken));
  const start = cursor.safeParse(token.data?.c);
  if (!token.success || !start.success || token.data.q !== fingerprint(query)) {
    throw invalid([{ field: 'page_token', description: 'is not a token that this query gave' }]);
  }
  return { size, cursor: start.data };
}

/** The token for the page after the one whose last row is at `cursor` (JSON values only). */
export function pageToken(cursor: unknown, query: unknown): string {
  return Buffer.from(JSON.stringify({ q: fingerprint(query), c: cursor })).toString('base64url');
}

/**
 * Splits `size + 1` rows into a page and the token of the next one; the token is empty on the last page.
 */
export function toPage<Row>(
  rows: readonly Row[],
  page: Page<unknown>,
  query: unknown,
  cursorOf: (row: Row) => unknown,
): { rows: readonly Row[]; nextPageToken: string } {
  if (rows.length <= page.size) return { rows, nextPageToken: '' };
  const kept = rows.slice(0, page.size);
  return { rows: kept, nextPageToken: pageToken(cursorOf(kept.at(-1)!), query) };
}

function fingerprint(query: unknown): string {
  return createHash('sha256').update(JSON.stringify(query)).digest('base64url').slice(0, 16);
}

function decode(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

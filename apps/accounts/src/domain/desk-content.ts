import { createHash } from 'node:crypto';
import type { DeskDocument } from '#kernel/desk/document.js';

/** Two files with the same content have the same hash, whatever their layout, comments and order of keys. */
export function contentHash(document: DeskDocument): Buffer {
  return createHash('sha256').update(canonical(document)).digest();
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`);
  return `{${entries.join(',')}}`;
}

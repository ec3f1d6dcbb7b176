import type { Instant } from './clock.js';

/** `2026-05-18T07:00:00Z`. */
export function instantText(at: Instant): string {
  return new Date(at * 1000).toISOString().replace('.000Z', 'Z');
}

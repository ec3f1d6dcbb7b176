import type { DeskDocument } from '#kernel/desk/document.js';
import { laneOf, priorityOf } from '#kernel/desk/lookups.js';
import type { QueueKey } from '#kernel/desk/ticketing.js';
import type { Ticket } from './ticket.js';

/** Of each part of a key. One width for all, so that prefixes of two keys of a desk always line up. */
const WIDTH = 13;
const LAST = '9'.repeat(WIDTH);

/** One sort key of the desk with a ticket's value for it: for ExplainRank. */
export interface RankPart {
  readonly key: QueueKey;
  /** Sorts as text: less is served earlier. */
  readonly sortable: string;
  /** For people. */
  readonly value: string;
}

/** A ticket waits while somebody of ours has to take it up: nobody has it and it is not with the customer. */
export function isWaiting(ticket: Ticket): boolean {
  return !ticket.assignee && (ticket.statusKind === 'NEW' || ticket.statusKind === 'OPEN');
}

/** The desk's sort keys in their order with this ticket's values (SHP-3, HST-3). */
export function rankParts(desk: DeskDocument, ticket: Ticket): RankPart[] {
  return desk.queue.order.map((key) => ({ key, ...sortValue(desk, ticket, key) }));
}

/**
 * The place in the queue as one text, so that one index serves every desk whatever its order. Ties are broken by the
 * ticket's id, which is in order of time.
 */
export function queueKey(desk: DeskDocument, ticket: Ticket): string {
  return rankParts(desk, ticket)
    .map((part) => part.sortable)
    .join('');
}

/** Prefixes of the key, one longer by a part each: tickets that stand before this one by part i lie in [i, i + 1). */
export function queueKeyBounds(parts: readonly RankPart[]): string[] {
  return parts.map((_, i) =>
    parts
      .slice(0, i + 1)
      .map((part) => part.sortable)
      .join(''),
  );
}

function sortValue(desk: DeskDocument, ticket: Ticket, key: QueueKey): { sortable: string; value: string } {
  switch (key) {
    case 'lane':
      return { sortable: digits(laneOf(desk, ticket.lane).rank), value: ticket.lane };
    case 'priority':
      return ticket.priority
        ? { sortable: digits(priorityOf(desk, ticket.priority).rank), value: ticket.priority }
        : { sortable: LAST, value: 'none' };
    case 'score': {
      const score = Number(ticket.fields['assessment_score'] ?? '0');
      return { sortable: digits(1_000_000 - score), value: String(score) };
    }
    case 'due':
      return ticket.dueAt
        ? { sortable: digits(ticket.dueAt.getTime()), value: ticket.dueAt.toISOString() }
        : { sortable: LAST, value: 'none' };
    case 'opened':
      return { sortable: digits(ticket.openedAt.getTime()), value: ticket.openedAt.toISOString() };
  }
}

function digits(value: number): string {
  return String(Math.max(0, Math.round(value))).padStart(WIDTH, '0');
}

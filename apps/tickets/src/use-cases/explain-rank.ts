import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { isWaiting, queueKeyBounds, type RankPart, rankParts } from '../domain/queue-order.js';
import { scopeOf } from '../domain/visibility.js';
import { QueueRepository } from '../persistence/queue.repository.js';
import { TicketRepository } from '../persistence/ticket.repository.js';

export interface RankReason {
  readonly key: string;
  readonly value: string;
  readonly ahead: number;
  readonly explanation: string;
}

export interface Rank {
  /** 1 is served next; 0 when the ticket does not wait. */
  readonly rank: number;
  readonly waiting: number;
  readonly reasons: readonly RankReason[];
}

/** Why a ticket stands where it stands, key by key of the desk's order (SHP-3, SHP-7). */
@Injectable()
export class ExplainRank {
  constructor(
    private readonly desks: DeskDirectory,
    private readonly tickets: TicketRepository,
    private readonly queue: QueueRepository,
  ) {}

  async execute(caller: Caller, ticketId: string): Promise<Rank> {
    const { document: desk } = await this.desks.current(caller.deskId);
    const ticket = await this.tickets.get(scopeOf(desk, caller), ticketId);
    const waiting = await this.queue.waiting(desk.id);
    if (!isWaiting(ticket)) return { rank: 0, waiting, reasons: [] };
    const parts = rankParts(desk, ticket);
    const bounds = queueKeyBounds(parts);
    const reasons: RankReason[] = [];
    for (const [i, part] of parts.entries()) {
      const ahead = await this.queue.countBetween(desk.id, bounds[i - 1] ?? '', bounds[i]!);
      reasons.push({ key: part.key, value: part.value, ahead, explanation: explanation(desk, part, ahead) });
    }
    const ties = await this.queue.countTies(desk.id, bounds.at(-1)!, ticket.id);
    return { rank: reasons.reduce((sum, reason) => sum + reason.ahead, ties) + 1, waiting, reasons };
  }
}

function explanation(desk: DeskDocument, part: RankPart, ahead: number): string {
  const others = ahead === 1 ? '1 ticket stands' : `${ahead} tickets stand`;
  switch (part.key) {
    case 'lane':
      return `${others} before it in faster lanes than ${part.value}, of ${desk.lanes.length} lanes`;
    case 'priority':
      return `${others} before it with a higher priority than ${part.value}`;
    case 'score':
      return `${others} before it with a score above ${part.value}`;
    case 'due':
      return `${others} before it that are due before ${part.value}`;
    case 'opened':
      return `${others} before it that were opened before ${part.value}`;
  }
}

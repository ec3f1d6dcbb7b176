import { Injectable } from '@nestjs/common';
import type { DeskDocument } from '#kernel/desk/document.js';
import { Transactions } from '#platform/database/transactions.js';

const BLOCK = 50;

/**
 * Numbers for people (FLT-8): unique within the desk, ascending in each process. Taken in blocks, so that tickets opened
 * at the same time do not wait for one counter; a process that ends leaves a gap.
 */
@Injectable()
export class TicketNumbers {
  private readonly blocks = new Map<string, { next: bigint; end: bigint }>();
  private readonly fetching = new Map<string, Promise<void>>();

  constructor(private readonly transactions: Transactions) {}

  async next(desk: DeskDocument): Promise<string> {
    for (;;) {
      const block = this.blocks.get(desk.id);
      if (block && block.next < block.end) {
        const number = block.next;
        block.next += 1n;
        return String(number);
      }
      await this.fetch(desk);
    }
  }

  private async fetch(desk: DeskDocument): Promise<void> {
    let running = this.fetching.get(desk.id);
    if (!running) {
      running = this.takeBlock(desk).finally(() => this.fetching.delete(desk.id));
      this.fetching.set(desk.id, running);
    }
    await running;
  }

  private async takeBlock(desk: DeskDocument): Promise<void> {
    const [row] = await this.transactions.read<{ next: string }>(
      `INSERT INTO ticket_counter (desk_id, next) VALUES ($1, $2::bigint + $3)
       ON CONFLICT (desk_id) DO UPDATE SET next = ticket_counter.next + $3 RETURNING next`,
      [desk.id, desk.tickets.numbering.first, BLOCK],
    );
    const end = BigInt(row!.next);
    this.blocks.set(desk.id, { next: end - BigInt(BLOCK), end });
  }
}

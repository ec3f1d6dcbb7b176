import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { claim } from '../domain/claim.js';
import type { Ticket } from '../domain/ticket.js';
import { LockedTicket } from './locked-ticket.js';

@Injectable()
export class ClaimNext {
  constructor(private readonly locked: LockedTicket) {}

  /** Nothing when nothing waits: an empty queue is not an error. */
  execute(caller: Caller, command: { readonly requestId: string }): Promise<Ticket | undefined> {
    return this.locked.changeHead('claim-next', caller, command, (desk, head, now) => {
      const { ticket, events } = claim(desk, head, caller, now);
      return { ticket, events, answer: ticket };
    });
  }
}

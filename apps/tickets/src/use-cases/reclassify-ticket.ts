import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { type Reclassification, reclassify } from '../domain/reclassify.js';
import type { Ticket } from '../domain/ticket.js';
import { LockedTicket } from './locked-ticket.js';

export interface ReclassifyTicketCommand extends Reclassification {
  readonly requestId: string;
  readonly ticketId: string;
}

@Injectable()
export class ReclassifyTicket {
  constructor(private readonly locked: LockedTicket) {}

  execute(caller: Caller, command: ReclassifyTicketCommand): Promise<Ticket> {
    const { type, department, priority } = command;
    return this.locked.change('reclassify-ticket', caller, command, (desk, before, now) => {
      const { ticket, events } = reclassify(desk, before, caller, command, now);
      return { ticket, events, answer: ticket, details: { type, department, priority } };
    });
  }
}

import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { moveByHand, personOf } from '../domain/status.js';
import { type Ticket, unchanged } from '../domain/ticket.js';
import { LockedTicket } from './locked-ticket.js';

export interface ChangeStatusCommand {
  readonly requestId: string;
  readonly ticketId: string;
  readonly status: string;
  readonly fault?: string;
}

@Injectable()
export class ChangeStatus {
  constructor(private readonly locked: LockedTicket) {}

  execute(caller: Caller, command: ChangeStatusCommand): Promise<Ticket> {
    return this.locked.change('change-status', caller, command, (desk, before, now) => {
      const move = { to: command.status, cause: 'agent' as const, actor: personOf(caller), fault: command.fault };
      const { ticket, events } = moveByHand(desk, unchanged(before), move, now);
      return { ticket, events, answer: ticket, details: { from: before.status, to: ticket.status } };
    });
  }
}

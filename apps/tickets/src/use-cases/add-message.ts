import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller.js';
import { newId } from '#kernel/ids.js';
import { reply, type Reply } from '../domain/reply.js';
import type { Message, Ticket } from '../domain/ticket.js';
import { LockedTicket } from './locked-ticket.js';

export interface AddMessageCommand extends Reply {
  readonly requestId: string;
  readonly ticketId: string;
}

@Injectable()
export class AddMessage {
  constructor(private readonly locked: LockedTicket) {}

  execute(caller: Caller, command: AddMessageCommand): Promise<{ ticket: Ticket; message: Message }> {
    return this.locked.change('add-message', caller, command, (desk, before, now) => {
      const { ticket, events, message } = reply(desk, before, caller, command, newId(), now);
      const details = { messageId: message.id, internal: message.internal };
      return { ticket, events, messages: [message], answer: { ticket, message }, details };
    });
  }
}

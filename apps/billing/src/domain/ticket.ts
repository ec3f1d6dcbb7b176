import type { TicketTraits } from '#kernel/desk/lookups.js';
import type { ChannelId } from '#kernel/desk/vocabulary.js';

/** What billing keeps of a ticket, as the tickets service publishes it. */
export interface Ticket {
  readonly id: string;
  readonly deskId: string;
  readonly number: string;
  readonly organisationId?: string;
  readonly requesterAccountId?: string;
  readonly packageId?: string;
  readonly type: string;
  readonly department?: string;
  readonly priority?: string;
  readonly channel: ChannelId;
  readonly lane: string;
  readonly statusKind: string;
  readonly language: string;
}

export function isOver(ticket: Ticket): boolean {
  return ticket.statusKind === 'SOLVED' || ticket.statusKind === 'CLOSED';
}

export function traitsOf(ticket: Ticket): TicketTraits {
  return {
    package: ticket.packageId,
    type: ticket.type,
    department: ticket.department,
    priority: ticket.priority,
    channel: ticket.channel,
    lane: ticket.lane,
  };
}

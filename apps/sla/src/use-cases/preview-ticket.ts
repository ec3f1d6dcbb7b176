import { Injectable } from '@nestjs/common';
import { epochSeconds } from '#kernel/business-time/dates.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import type { TicketTraits } from '#kernel/desk/lookups.js';
import { invalid, type Violation } from '#kernel/errors.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { type Preview, previewDeadline } from '../domain/preview-deadline.js';
import { DeskRules } from './desk-rules.js';

/** What is empty is as the desk fills it in for a new ticket. */
export interface PreviewedTicket {
  readonly package: string;
  readonly type: string;
  readonly department: string;
  readonly priority: string;
  readonly channel: string;
  readonly lane: string;
}

/** The clocks of a ticket that does not exist yet. */
@Injectable()
export class PreviewTicket {
  constructor(
    private readonly desks: DeskDirectory,
    private readonly deskRules: DeskRules,
  ) {}

  /** Errors: INVALID_ARGUMENT with every value the desk does not have. */
  async execute(deskId: string, ticket: PreviewedTicket, openedAt: Date): Promise<Preview> {
    const { document: desk } = await this.desks.current(deskId);
    const traits = traitsOf(desk, ticket);
    return previewDeadline(await this.deskRules.inForce(deskId, openedAt), traits, epochSeconds(openedAt));
  }
}

function traitsOf(desk: DeskDocument, ticket: PreviewedTicket): TicketTraits {
  const faults: Violation[] = [];
  const oneOf = <T extends string>(field: string, known: readonly { readonly id: T }[], value: string): T | undefined => {
    const found = known.find(({ id }) => id === value)?.id;
    if (value !== '' && found === undefined) {
      faults.push({ field, description: `${value} is not one of ${known.map(({ id }) => id).join(', ')}` });
    }
    return found;
  };
  const [onlyType, ...otherTypes] = desk.ticketTypes;
  const type = oneOf('type', desk.ticketTypes, ticket.type) ?? (otherTypes.length === 0 ? onlyType?.id : undefined);
  if (type === undefined && ticket.type === '') {
    faults.push({ field: 'type', description: `is required: ${desk.ticketTypes.map(({ id }) => id).join(', ')}` });
  }
  const takesPriority = desk.ticketTypes.find(({ id }) => id === type)?.priority !== 'none';
  const traits: TicketTraits = {
    package: oneOf('package_id', desk.packages, ticket.package),
    type,
    department: oneOf('department', desk.departments, ticket.department),
    priority: takesPriority ? oneOf('priority', desk.priorities, ticket.priority || (desk.priorityPolicy.default ?? '')) : undefined,
    channel: oneOf('channel', desk.channels, ticket.channel || (desk.channels.some(({ id }) => id === 'form') ? 'form' : '')),
    lane: oneOf('lane', desk.lanes, ticket.lane || desk.queue.defaultLane),
  };
  if (faults.length > 0) throw invalid(faults);
  return traits;
}

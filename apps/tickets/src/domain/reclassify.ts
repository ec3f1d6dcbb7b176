import { type Caller } from '#kernel/caller.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import type { TicketType } from '#kernel/desk/ticketing.js';
import { DomainError, invalid, type Violation } from '#kernel/errors.js';
import { actorOf, isOneOf, refuseReservedPriority, refuseWhatTheDeskRefuses } from './refusals.js';
import { personOf } from './status.js';
import { apply, type Changed, type Dimension, type Person, type Ticket, traitsOf, unchanged } from './ticket.js';

export interface Reclassification {
  readonly type?: string;
  readonly department?: string;
  readonly priority?: string;
}

/**
 * Corrects type, department or priority by hand (PKG-9); a sold or reserved priority cannot be had so (SHP-4). A type that
 * has no priority takes it away, which is a correction of it too: who may not correct it does not get rid of it by the
 * type. What becomes a type that has one is given its first, as when it is opened (PKG-8). What is paid for stays.
 */
export function reclassify(desk: DeskDocument, ticket: Ticket, caller: Caller, to: Reclassification, now: Date): Changed {
  const type = desk.ticketTypes.find((t) => t.id === (to.type ?? ticket.type));
  const loses = !to.priority && type?.priority === 'none' && type.id !== ticket.type;
  const priority = loses ? undefined : (to.priority ?? ticket.priority);
  const faults: Violation[] = [];
  if (!type) faults.push({ field: 'type', description: `${to.type} is not a ticket type of this desk` });
  if (to.department && !desk.departments.some((d) => d.id === to.department)) {
    faults.push({ field: 'department', description: `${to.department} is not a department of this desk` });
  }
  if (to.priority) faults.push(...priorityFaults(desk, ticket, caller, { type, department: to.department, priority: to.priority }));
  else if (priority !== ticket.priority) refuseCorrection(desk, caller, `a ${to.type} has no priority, and this ticket’s`);
  if (type?.priority === 'required' && !priority) {
    faults.push({ field: 'priority', description: `a ${type.id} needs a priority` });
  }
  if (faults.length > 0) throw invalid(faults);

  const actor = personOf(caller);
  let changed = unchanged(ticket);
  changed = changeClass(changed, 'type', type!.id, { reason: 'corrected', actor }, now);
  changed = changeClass(changed, 'department', to.department ?? ticket.department, { reason: 'corrected', actor }, now);
  // Nobody's correction, so nobody is told of a new priority that there is not.
  const why = priority ? { reason: 'priority_corrected', actor } : { reason: 'type_has_no_priority' };
  return changeClass(changed, 'priority', priority, why, now);
}

interface GivenPriority {
  readonly type?: TicketType;
  readonly department?: string;
  readonly priority: string;
}

function priorityFaults(desk: DeskDocument, ticket: Ticket, caller: Caller, given: GivenPriority): Violation[] {
  const { type, department = ticket.department, priority } = given;
  const attempt = {
    action: 'set_priority' as const,
    traits: { ...traitsOf(ticket), type: type?.id ?? ticket.type, department, priority },
    fields: ticket.fields,
    priorityGiven: true,
    signedIn: true,
    language: ticket.language,
  };
  refuseWhatTheDeskRefuses(desk, caller, attempt, '');
  if (!desk.priorities.some((p) => p.id === priority)) {
    return [{ field: 'priority', description: `${priority} is not a priority of this desk` }];
  }
  if (type?.priority === 'none') return [{ field: 'priority', description: `a ${type.id} has no priority` }];
  const isFirst = ticket.priority === undefined && type?.id !== ticket.type;
  if (!isFirst) refuseCorrection(desk, caller, 'the priority');
  refuseReservedPriority(desk, caller, priority, '');
  return [];
}

function refuseCorrection(desk: DeskDocument, caller: Caller, what: string): void {
  const { correctableBy } = desk.priorityPolicy;
  if (isOneOf(correctableBy, actorOf(caller))) return;
  throw new DomainError('FORBIDDEN', 'PRIORITY_NOT_CORRECTABLE', `${what} is corrected by others`, {
    metadata: { correctable_by: correctableBy.join(',') },
  });
}

const FIELD = {
  priority: 'priority',
  lane: 'lane',
  package: 'packageId',
  type: 'type',
  department: 'department',
} as const satisfies Record<Dimension, keyof Ticket>;

export interface ClassReason {
  readonly reason: string;
  readonly actor?: Person;
  readonly purchaseId?: string;
}

/** One dimension of what a ticket is; the same value again changes nothing. */
export function changeClass(
  changed: Changed,
  dimension: Dimension,
  to: string | undefined,
  why: ClassReason,
  now: Date,
): Changed {
  const from = changed.ticket[FIELD[dimension]];
  if (from === to) return changed;
  const change = { kind: 'class_changed' as const, dimension, from: from ?? '', to: to ?? '', ...why };
  return apply(changed, now, change, { [FIELD[dimension]]: to });
}

import { type Caller } from '#kernel/caller.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { DomainError, invalid, type Violation } from '#kernel/errors.js';
import { actorOf, isOneOf, refuseReservedPriority, refuseWhatTheDeskRefuses } from './refusals.js';
import { personOf } from './status.js';
import { apply, type Changed, type Dimension, type Person, type Ticket, traitsOf, unchanged } from './ticket.js';

export interface Reclassification {
  readonly type?: string;
  readonly department?: string;
  readonly priority?: string;
}

/** Corrects type, department or priority by hand (PKG-9); a sold or reserved priority cannot be had so (SHP-4). */
export function reclassify(desk: DeskDocument, ticket: Ticket, caller: Caller, to: Reclassification, now: Date): Changed {
  const type = desk.ticketTypes.find((t) => t.id === (to.type ?? ticket.type));
  const faults: Violation[] = [];
  if (!type) faults.push({ field: 'type', description: `${to.type} is not a ticket type of this desk` });
  if (to.department && !desk.departments.some((d) => d.id === to.department)) {
    faults.push({ field: 'department', description: `${to.department} is not a department of this desk` });
  }
  if (to.priority) {
    const attempt = {
      action: 'set_priority' as const,
      traits: { ...traitsOf(ticket), priority: to.priority },
      fields: ticket.fields,
      priorityGiven: true,
      signedIn: true,
      language: ticket.language,
    };
    refuseWhatTheDeskRefuses(desk, caller, attempt, '');
    if (!desk.priorities.some((p) => p.id === to.priority)) {
      faults.push({ field: 'priority', description: `${to.priority} is not a priority of this desk` });
    } else if (type?.priority === 'none') {
      faults.push({ field: 'priority', description: `a ${type.id} has no priority` });
    } else if (!isOneOf(desk.priorityPolicy.correctableBy, actorOf(caller))) {
      const metadata = { correctable_by: desk.priorityPolicy.correctableBy.join(',') };
      throw new DomainError('FORBIDDEN', 'PRIORITY_NOT_CORRECTABLE', 'the priority is corrected by others', { metadata });
    } else {
      refuseReservedPriority(desk, caller, to.priority, '');
    }
  }
  const priority = type?.priority === 'none' ? undefined : (to.priority ?? ticket.priority);
  if (type?.priority === 'required' && !priority) {
    faults.push({ field: 'priority', description: `a ${type.id} needs a priority` });
  }
  if (faults.length > 0) throw invalid(faults);

  const actor = personOf(caller);
  let changed = unchanged(ticket);
  changed = changeClass(changed, 'type', type!.id, { reason: 'corrected', actor }, now);
  changed = changeClass(changed, 'department', to.department ?? ticket.department, { reason: 'corrected', actor }, now);
  return changeClass(changed, 'priority', priority, { reason: 'priority_corrected', actor }, now);
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

import { type Caller } from '#kernel/caller.js';
import { CAUSES } from '#kernel/desk/commerce.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { shiftFrom, statusOf } from '#kernel/desk/lookups.js';
import type { StatusShift } from '#kernel/desk/ticketing.js';
import { illegalState, invalid, type Violation } from '#kernel/errors.js';
import { apply, type Changed, isOver, type Person, type StatusCause, type Ticket } from './ticket.js';

export interface Move {
  readonly to: string;
  readonly cause: StatusCause;
  readonly actor?: Person;
  readonly fault?: string;
  readonly customerTold?: boolean;
  readonly lifecycleRule?: string;
}

/** Moves a ticket, whether or not an agent might; staying where it is changes nothing. */
export function moveTo(desk: DeskDocument, changed: Changed, move: Move, now: Date): Changed {
  const { ticket } = changed;
  if (ticket.status === move.to) return changed;
  const to = statusOf(desk, move.to);
  return apply(
    changed,
    now,
    { ...move, kind: 'status_changed', from: ticket.status, fromKind: ticket.statusKind, to: to.id, toKind: to.kind },
    { status: to.id, statusKind: to.kind, solvedAt: isOver(to.kind) ? (ticket.solvedAt ?? now) : undefined },
  );
}

/** Moves by hand: the desk's table of moves decides (FLT-10, PKG-15). */
export function moveByHand(desk: DeskDocument, changed: Changed, move: Move, now: Date): Changed {
  const { ticket } = changed;
  if (!desk.statuses.some((status) => status.id === move.to)) {
    const known = desk.statuses.map((status) => status.id).join(', ');
    throw invalid([{ field: 'status', description: `${move.to} is not a status of this desk: ${known}` }]);
  }
  requireCause(desk, ticket, move);
  const faults = causeFaults(move.fault);
  if (faults.length > 0) throw invalid(faults);
  const allowed = allowedMoves(desk, ticket);
  if (ticket.status !== move.to && !allowed.includes(move.to)) {
    const message = `a ticket in ${ticket.status} cannot be moved to ${move.to}`;
    throw illegalState('ILLEGAL_TRANSITION', message, ticket.status, allowed);
  }
  return moveTo(desk, changed, move, now);
}

/** Who ends a ticket whose call-back is held says whose fault it was: that decides what becomes of the money (OFC-8). */
function requireCause(desk: DeskDocument, ticket: Ticket, move: Move): void {
  if (!ticket.liveCallBack || !isOver(statusOf(desk, move.to).kind)) return;
  if (CAUSES.some((cause) => cause === move.fault)) return;
  const description = `a call-back is held: one of ${CAUSES.join(', ')}`;
  throw invalid([{ field: 'fault', description }], 'FAULT_REQUIRED');
}

/** A misspelt cause would count as unknown, and may charge for an error of ours (OFC-8). */
export function causeFaults(fault: string | undefined): Violation[] {
  if (fault === undefined || CAUSES.some((cause) => cause === fault)) return [];
  return [{ field: 'fault', description: `${fault} is not one of ${CAUSES.join(', ')}` }];
}

/** Where the desk lets an agent move the ticket now. */
export function allowedMoves(desk: DeskDocument, ticket: Ticket): readonly string[] {
  return desk.statusFlow.moves[ticket.status] ?? [];
}

/** The move that comes with a reply or a claim by itself, if the desk has one. */
export function shift(
  desk: DeskDocument,
  changed: Changed,
  shifts: readonly StatusShift[] | undefined,
  how: Omit<Move, 'to'>,
  now: Date,
): Changed {
  const to = shiftFrom(shifts, changed.ticket.status);
  return to ? moveTo(desk, changed, { ...how, to }, now) : changed;
}

export function personOf(caller: Caller): Person {
  return { accountId: caller.accountId, name: caller.name, email: caller.email };
}

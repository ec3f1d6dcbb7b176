import { DomainError } from '../errors.js';
import type { Calendar } from './calendar.js';
import { END_INSTANT } from './definition.js';

/** An open stretch, `to` excluded; epoch seconds. */
export interface OpenInterval {
  readonly from: number;
  readonly to: number;
}

/**
 * All instants below are whole epoch seconds, all amounts open seconds of the calendar.
 *
 * The earliest instant with exactly `seconds` of open time between `start` and it: Tue 16:00 + 1 h = Tue 17:00, and
 * Tue 17:00 + 1 h = Wed 10:00 on Mon–Fri 09–17. Nothing added is `start` itself, open or not.
 * @throws DomainError INVALID `NO_OPEN_TIME_LEFT` when the calendar has less open time after `start`
 */
export function addOpenTime(calendar: Calendar, start: number, seconds: number): number {
  requireAmount(seconds);
  if (seconds === 0) return start;
  const level = calendar.levelOf(start) + seconds;
  // No calendar has more open time than there is time: not worth looking for.
  const due = seconds <= END_INSTANT - start ? calendar.instantOf(level) : undefined;
  if (due === undefined) throw noOpenTimeLeft(start, seconds, 'after');
  return due;
}

/**
 * The earliest instant with exactly `seconds` of open time between it and `due`, so that a warning is what
 * `addOpenTime` gives for the target less the warning: 08–18, due Tue 08:30, 1 h before is Mon 17:30; due Tue 09:00,
 * 1 h before is Mon 18:00. Where no open time lies before that, it is the opening. Nothing taken away is `due` itself.
 * @throws DomainError INVALID `NO_OPEN_TIME_LEFT` when the calendar has less open time before `due`
 */
export function subtractOpenTime(calendar: Calendar, due: number, seconds: number): number {
  requireAmount(seconds);
  if (seconds === 0) return due;
  const level = calendar.levelOf(due) - seconds;
  const earliest = calendar.instantOf(level);
  if (earliest !== undefined) return earliest;
  const secondAfter = calendar.instantOf(level + 1);
  if (secondAfter === undefined) throw noOpenTimeLeft(due, seconds, 'before');
  return secondAfter - 1;
}

/** Open seconds from `from` to `to`; negative when `to` is the earlier one. */
export function openSecondsBetween(calendar: Calendar, from: number, to: number): number {
  return calendar.levelOf(to) - calendar.levelOf(from);
}

/** Whether the second that starts at an instant is open: the opening is, the closing is not. */
export function isOpen(calendar: Calendar, instant: number): boolean {
  return nextOpening(calendar, instant) === instant;
}

/** The first open instant at or after an instant; `undefined` when the calendar never opens again. */
export function nextOpening(calendar: Calendar, instant: number): number | undefined {
  const secondAfter = calendar.instantOf(calendar.levelOf(instant) + 1);
  return secondAfter === undefined ? undefined : secondAfter - 1;
}

/** The open intervals between two instants in order, cut at both; overlapping and touching windows are one. */
export function* openIntervals(calendar: Calendar, from: number, to: number): Generator<OpenInterval, void, undefined> {
  let open: OpenInterval | undefined;
  for (let block = calendar.blockAt(from); ; block = calendar.blockAt(block.end)) {
    for (let i = Math.max(block.intervalAt(from), 0); i < block.intervals && block.openingOf(i) < to; i++) {
      const next = { from: Math.max(block.openingOf(i), from), to: Math.min(block.closingOf(i), to) };
      if (next.from >= next.to) continue;
      // Blocks cut what is open across their border.
      if (open?.to === next.from) {
        open = { from: open.from, to: next.to };
      } else {
        if (open !== undefined) yield open;
        open = next;
      }
    }
    if (block.end >= to) break;
  }
  if (open !== undefined) yield open;
}

function requireAmount(seconds: number): void {
  if (Number.isSafeInteger(seconds) && seconds >= 0) return;
  const message = `an amount of open time is a whole number of seconds from 0, not ${seconds}`;
  throw new DomainError('INVALID', 'INVALID_AMOUNT', message);
}

function noOpenTimeLeft(instant: number, seconds: number, side: 'after' | 'before'): DomainError {
  const at = new Date(instant * 1000).toISOString();
  const message = `the calendar has no ${seconds} open seconds ${side} ${at}`;
  return new DomainError('INVALID', 'NO_OPEN_TIME_LEFT', message);
}

import { openIntervals } from '#kernel/business-time/open-time.js';
import { TimeZone } from '#kernel/business-time/time-zone.js';
import { closingInstant, DAY_SECONDS, formatDate, wallTime } from '#kernel/business-time/wall-time.js';
import type { Clock, Instant, Target } from './clock.js';
import { goThrough, type TicketHistory } from './compute-clocks.js';
import type { Stretch } from './open-time-ledger.js';
import type { CalendarVersion } from './policy-timeline.js';
import { summarise } from './summarise.js';
import type { TicketClock } from './ticket-clock.js';

/** A stretch of time that counted, or did not. */
export interface Interval {
  readonly from: Instant;
  readonly to: Instant;
  readonly kind: 'open' | 'closed' | 'paused';
  readonly countedSeconds: number;
  /** All that counted up to `to`. */
  readonly cumulativeSeconds: number;
  /** Empty where no policy line held. */
  readonly policyId: string;
  readonly calendarId: string;
  /**
   * What began it: opened, status, policy_change, …; `window` for a further opening; for closed time a holiday's name,
   * `exception` or `outside_hours`.
   */
  readonly reason: string;
}

export interface Explanation {
  readonly clock: Clock;
  /** From the start of the clock, without holes, up to the due instant; without one, up to its end or now. */
  readonly intervals: readonly Interval[];
  /** The whole in words. */
  readonly summary: string;
  /** An event that has not arrived: the explanation is as of the last one before it. */
  readonly missingSequence?: number;
}

/** How a due instant came about. None where the ticket has no such clock. @param cycle the newest where absent */
export function explainDeadline(history: TicketHistory, target: Target, cycle?: number): Explanation | undefined {
  const gone = goThrough(history);
  const found = gone?.numbered.findLast(
    (numbered) => numbered.clock.target === target && (cycle === undefined || numbered.cycle === cycle),
  );
  if (gone === undefined || found === undefined) return undefined;
  const clock = found.clock.toClock(found.cycle, gone.asOf);
  const end = clock.dueAt ?? clock.satisfiedAt ?? clock.cancelledAt ?? gone.asOf;
  const pieces =
    target === 'cut_off' ? elapsed(clock, end) : stretchesOf(found.clock, clock, end).flatMap(intervalsOf);
  let cumulativeSeconds = 0;
  const intervals = pieces.map((piece) => {
    cumulativeSeconds += piece.countedSeconds;
    return { ...piece, cumulativeSeconds };
  });
  const { missingSequence } = gone;
  return {
    clock,
    intervals,
    summary: summarise(clock, intervals, missingSequence),
    ...(missingSequence === undefined ? {} : { missingSequence }),
  };
}

/** A clock that ended early stopped, its due instant did not: what would have followed is shown as if it had run on. */
function stretchesOf(ticketClock: TicketClock, clock: Clock, end: Instant): Stretch[] {
  const ended = clock.satisfiedAt ?? clock.cancelledAt;
  return ticketClock.stretchesUntil(end).flatMap((stretch) => {
    if (stretch.from >= end) return [];
    const isAfterEnd = stretch.reason === 'ended' && stretch.from === ended;
    return [{ ...stretch, counts: stretch.counts || isAfterEnd, to: Math.min(stretch.to, end) }];
  });
}

/** A cut-off goes by the wall clock, not by open time. */
function elapsed({ startedAt: from, policyId, calendarId }: Clock, to: Instant): Piece[] {
  if (to <= from) return [];
  return [{ from, to, kind: 'open', countedSeconds: to - from, policyId, calendarId, reason: 'cut_off' }];
}

type Piece = Omit<Interval, 'cumulativeSeconds'>;

function intervalsOf({ from, to, counts, line, reason }: Stretch): Piece[] {
  const rules = { policyId: line?.id ?? '', calendarId: line?.calendar.id ?? '' };
  if (!counts) return [{ from, to, kind: 'paused', countedSeconds: 0, ...rules, reason }];
  if (line === undefined) return [{ from, to, kind: 'closed', countedSeconds: 0, ...rules, reason }];
  const pieces: Piece[] = [];
  let reached = from;
  const close = (until: Instant): void => {
    for (const closed of closedPieces(line.calendar, reached, until)) {
      pieces.push({ ...closed, kind: 'closed', countedSeconds: 0, ...rules });
    }
  };
  for (const open of openIntervals(line.calendar.calendar, from, to)) {
    close(open.from);
    const began = open.from === from ? reason : 'window';
    pieces.push({ ...open, kind: 'open', countedSeconds: open.to - open.from, ...rules, reason: began });
    reached = open.to;
  }
  close(to);
  return pieces;
}

interface Closed {
  readonly from: Instant;
  readonly to: Instant;
  readonly reason: string;
}

/** Closed time, cut at the local midnights around dates that are closed for a reason of their own. */
function closedPieces({ calendar, holidays }: CalendarVersion, from: Instant, to: Instant): Closed[] {
  const pieces: Closed[] = [];
  const zone = TimeZone.named(calendar.definition.tz);
  const spans = zone?.spans(from - 2 * DAY_SECONDS, to + 2 * DAY_SECONDS) ?? [];
  for (let at = from; at < to;) {
    const day = Math.floor(wallTime(spans, at) / DAY_SECONDS);
    const midnight = closingInstant(spans, (day + 1) * DAY_SECONDS);
    const until = Math.min(midnight > at ? midnight : to, to);
    const date = formatDate(day);
    const isException = calendar.definition.exceptions?.[date] !== undefined;
    const reason = holidays.get(date) ?? (isException ? 'exception' : 'outside_hours');
    const last = pieces.at(-1);
    if (last?.reason === reason) pieces[pieces.length - 1] = { ...last, to: until };
    else pieces.push({ from: at, to: until, reason });
    at = until;
  }
  return pieces;
}

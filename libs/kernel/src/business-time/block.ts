import { END_INSTANT, FIRST_INSTANT, windowsOn, type OpeningRules } from './definition.js';
import { closingInstant, DAY_SECONDS, openingInstant } from './wall-time.js';

/** 52 weeks of a calendar are laid out at once; their offsets from the start fit 32 bits. */
export const BLOCK_SECONDS = 364 * DAY_SECONDS;

/** A window's wall times end within two days of its date, an offset is below a day, a gap at most one. */
const REACH_DAYS = 4;

/** The merged open intervals of one block, cut at its ends, and how much open time lies before each. */
export class Block {
  private constructor(
    readonly start: number,
    /** Seconds from `start`, ascending. */
    private readonly opens: Int32Array,
    /** Open seconds before each interval; one entry more than intervals: the last is the total. */
    private readonly before: Int32Array,
  ) {}

  static of(rules: OpeningRules, index: number): Block {
    const start = index * BLOCK_SECONDS;
    const end = start + BLOCK_SECONDS;
    // A due time at the very end would not be an instant that calendars answer for.
    const first = Math.max(start, FIRST_INSTANT);
    const last = Math.min(end, END_INSTANT - 1);
    const spans = rules.zone.spans(start - REACH_DAYS * DAY_SECONDS, end + REACH_DAYS * DAY_SECONDS);
    const intervals: [open: number, close: number][] = [];
    const firstDay = start / DAY_SECONDS - REACH_DAYS;
    const lastDay = end / DAY_SECONDS + 1;
    for (let day = firstDay; day <= lastDay; day++) {
      const midnight = day * DAY_SECONDS;
      for (const window of windowsOn(rules, day)) {
        const open = Math.max(openingInstant(spans, midnight + window.open), first);
        const close = Math.min(closingInstant(spans, midnight + window.close), last);
        if (open < close) intervals.push([open - start, close - start]);
      }
    }
    return Block.merged(start, intervals);
  }

  private static merged(start: number, intervals: [open: number, close: number][]): Block {
    intervals.sort((a, b) => a[0] - b[0]);
    const opens = new Int32Array(intervals.length);
    const before = new Int32Array(intervals.length + 1);
    let count = 0;
    let total = 0;
    let lastClose = -1;
    for (const [open, close] of intervals) {
      if (open > lastClose) {
        opens[count] = open;
        before[count] = total;
        count++;
        total += close - open;
        lastClose = close;
      } else if (close > lastClose) {
        total += close - lastClose;
        lastClose = close;
      }
    }
    before[count] = total;
    return new Block(start, opens.slice(0, count), before.slice(0, count + 1));
  }

  get end(): number {
    return this.start + BLOCK_SECONDS;
  }

  get intervals(): number {
    return this.opens.length;
  }

  get total(): number {
    return this.before[this.opens.length]!;
  }

  openingOf(interval: number): number {
    return this.start + this.opens[interval]!;
  }

  closingOf(interval: number): number {
    return this.openingOf(interval) + this.before[interval + 1]! - this.before[interval]!;
  }

  /** Open seconds of the block before an instant of it. */
  openBefore(instant: number): number {
    const at = instant - this.start;
    const interval = this.intervalAt(instant);
    if (interval < 0) return 0;
    const open = this.before[interval]! + at - this.opens[interval]!;
    return Math.min(open, this.before[interval + 1]!);
  }

  /** The last interval that opens at or before an instant; -1 when there is none. */
  intervalAt(instant: number): number {
    return lastAtMost(this.opens, 0, this.opens.length, instant - this.start);
  }

  /** The earliest instant of the block with `seconds` of its open time behind it: more than none, no more than all. */
  instantAt(seconds: number): number {
    const interval = lastAtMost(this.before, 0, this.opens.length, seconds - 1);
    return this.start + this.opens[interval]! + seconds - this.before[interval]!;
  }
}

/** Index of the last of the ascending values [from, to) that is at most `limit`; `from - 1` when none is. */
export function lastAtMost(values: Int32Array | Float64Array, from: number, to: number, limit: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const DAY = 86_400;
/** 52 weeks: how much of a zone is looked through at once. */
const STRETCH = 364 * DAY;
const STEP = 2 * DAY;

/** A stretch of time in which a zone keeps one offset: instants in epoch seconds, `end` excluded. */
export interface OffsetSpan {
  readonly start: number;
  readonly end: number;
  /** Seconds east of UTC. */
  readonly offset: number;
}

interface Transition {
  readonly at: number;
  readonly offset: number;
}

interface Stretch {
  readonly offsetBefore: number;
  readonly transitions: readonly Transition[];
}

/**
 * The offsets of one IANA time zone, from the time-zone data of the platform (ICU). Each stretch of 52 weeks is looked
 * through once, on first use; after that only numbers are compared.
 */
export class TimeZone {
  private readonly stretches = new Map<number, Stretch>();

  private constructor(
    readonly name: string,
    private readonly format: Intl.DateTimeFormat,
  ) {}

  private static readonly known = new Map<string, TimeZone>();

  /** `undefined` when the platform's data has no zone of that name. */
  static named(name: string): TimeZone | undefined {
    // IANA names compare without case. UTC offsets such as +01:00 are no zones: they know no summer time.
    if (!/^[A-Za-z]/.test(name)) return undefined;
    const key = name.toLowerCase();
    let zone = TimeZone.known.get(key);
    if (zone === undefined) {
      try {
        zone = new TimeZone(name, new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' }));
      } catch (error) {
        if (error instanceof RangeError) return undefined;
        throw error;
      }
      TimeZone.known.set(key, zone);
    }
    return zone;
  }

  /** The spans that cover `from` to `to`, in order, without holes; the first starts at -∞ and the last ends at +∞. */
  spans(from: number, to: number): OffsetSpan[] {
    const first = Math.floor(from / STRETCH);
    let start = Number.NEGATIVE_INFINITY;
    let offset = this.stretch(first).offsetBefore;
    const spans: OffsetSpan[] = [];
    for (let index = first; index <= Math.floor(to / STRETCH); index++) {
      for (const transition of this.stretch(index).transitions) {
        spans.push({ start, end: transition.at, offset });
        start = transition.at;
        offset = transition.offset;
      }
    }
    spans.push({ start, end: Number.POSITIVE_INFINITY, offset });
    return spans;
  }

  /** Seconds east of UTC at an instant, straight from the platform: slow, not for hot paths. */
  offsetAt(instant: number): number {
    // Ends in "GMT+05:30", in "GMT" alone for zero, and with seconds for local mean time.
    const [, sign, hours, minutes, seconds] =
      /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(this.format.format(instant * 1000)) ?? [];
    if (sign === undefined) return 0;
    const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0);
    return sign === '-' ? -size : size;
  }

  private stretch(index: number): Stretch {
    let stretch = this.stretches.get(index);
    if (stretch === undefined) {
      stretch = this.lookThrough(index * STRETCH, (index + 1) * STRETCH);
      this.stretches.set(index, stretch);
    }
    return stretch;
  }

  /**
   * All transitions in (from, to]. A look every other day: the closest two of the database are a week apart (Boa Vista,
   * October 2000), which the two-week steps of common transition searches can miss.
   */
  private lookThrough(from: number, to: number): Stretch {
    const offsetBefore = this.offsetAt(from);
    const transitions: Transition[] = [];
    let offset = offsetBefore;
    for (let look = from; look < to; look += STEP) {
      const next = this.offsetAt(look + STEP);
      let since = look;
      while (offset !== next) {
        const transition = this.bisect(since, look + STEP, offset);
        transitions.push(transition);
        since = transition.at;
        offset = transition.offset;
      }
    }
    return { offsetBefore, transitions };
  }

  /** The first second of another offset: `offset` holds at `before`, and another one at `after`. */
  private bisect(before: number, after: number, offset: number): Transition {
    let low = before;
    let high = after;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.offsetAt(middle) === offset) low = middle;
      else high = middle;
    }
    return { at: high, offset: this.offsetAt(high) };
  }
}

/** The version of the time-zone data in use, such as `2025c`: recorded with every computed deadline. */
export function timeZoneDataVersion(): string {
  return process.versions['tz'] ?? `icu-${process.versions['icu'] ?? 'unknown'}`;
}

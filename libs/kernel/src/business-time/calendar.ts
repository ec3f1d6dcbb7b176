import { DomainError } from '../errors.js';
import { Block, BLOCK_SECONDS, lastAtMost } from './block.js';
import {
  END_INSTANT,
  FIRST_INSTANT,
  readDefinition,
  type CalendarDefinition,
  type OpeningRules,
} from './definition.js';
import { DAY_SECONDS } from './wall-time.js';

const FIRST_BLOCK = Math.floor(FIRST_INSTANT / BLOCK_SECONDS);
const BLOCKS = Math.ceil(END_INSTANT / BLOCK_SECONDS) - FIRST_BLOCK;
/** Laid-out blocks a calendar keeps; their totals stay for good. */
const BLOCKS_KEPT = 64;

/**
 * A compiled calendar: immutable in meaning, it remembers what it has laid out. Instants are numbered by the open
 * seconds before them (their *level*, counted from an arbitrary origin), so adding open time is an addition and a few
 * binary searches however far the answer is away. Keep one per calendar version: the first use of a year lays it out.
 */
export class Calendar {
  /** The days of the first and of the last exception, where nothing repeats weekly. */
  private readonly firstDay: number;
  private readonly lastDay: number;
  private readonly blocks: (Block | undefined)[] = Array.from({ length: BLOCKS });
  private kept = 0;
  /** `levels[i]` is the level at which block i starts: known from `low` to `high`, both included. */
  private readonly levels = new Float64Array(BLOCKS + 1);
  private low = -1;
  private high = -1;

  constructor(
    readonly definition: CalendarDefinition,
    private readonly rules: OpeningRules,
  ) {
    const repeats = rules.weekly.some((windows) => windows.length > 0);
    const days = [...rules.exceptions.keys()];
    this.firstDay = repeats ? Number.NEGATIVE_INFINITY : days.reduce((a, b) => Math.min(a, b));
    this.lastDay = repeats ? Number.POSITIVE_INFINITY : days.reduce((a, b) => Math.max(a, b));
  }

  /** The block that holds an instant. @throws DomainError INVALID `INSTANT_OUT_OF_RANGE` */
  blockAt(instant: number): Block {
    return this.block(this.indexOf(instant));
  }

  /** Open seconds before an instant, from the calendar's own origin. */
  levelOf(instant: number): number {
    const index = this.indexOf(instant);
    this.reach(index);
    return this.levels[index]! + this.block(index).openBefore(instant);
  }

  /** The earliest instant of a level, counted from a `levelOf`; `undefined` where no open time leads there. */
  instantOf(level: number): number | undefined {
    while (level > this.levels[this.high]!) {
      if (this.high === BLOCKS || this.isOver(this.high)) return undefined;
      this.extendUp();
    }
    while (level <= this.levels[this.low]!) {
      if (this.low === 0 || this.isYetToStart(this.low)) return undefined;
      this.extendDown();
    }
    const index = lastAtMost(this.levels, this.low, this.high + 1, level - 1);
    return this.block(index).instantAt(level - this.levels[index]!);
  }

  private indexOf(instant: number): number {
    if (!Number.isInteger(instant) || instant < FIRST_INSTANT || instant >= END_INSTANT) {
      const message = `instants are whole seconds from 1900 to 2199, not ${instant}`;
      throw new DomainError('INVALID', 'INSTANT_OUT_OF_RANGE', message);
    }
    return Math.floor(instant / BLOCK_SECONDS) - FIRST_BLOCK;
  }

  private block(index: number): Block {
    const known = this.blocks[index];
    if (known !== undefined) return known;
    if (this.kept === BLOCKS_KEPT) {
      this.blocks.fill(undefined);
      this.kept = 0;
    }
    const block = Block.of(this.rules, index + FIRST_BLOCK);
    this.blocks[index] = block;
    this.kept++;
    return block;
  }

  /** Makes the levels at both ends of a block known. */
  private reach(index: number): void {
    if (this.low < 0) {
      this.low = index;
      this.high = index;
    }
    while (this.high <= index) this.extendUp();
    while (this.low > index) this.extendDown();
  }

  private extendUp(): void {
    this.levels[this.high + 1] = this.levels[this.high]! + this.block(this.high).total;
    this.high++;
  }

  private extendDown(): void {
    this.levels[this.low - 1] = this.levels[this.low]! - this.block(this.low - 1).total;
    this.low--;
  }

  /** No open time from the start of a block on. A window ends within four days of its date. */
  private isOver(index: number): boolean {
    return this.lastDay < firstDayOf(index) - 4;
  }

  /** No open time before the start of a block. A window opens less than a day before its date in UTC. */
  private isYetToStart(index: number): boolean {
    return this.firstDay > firstDayOf(index) + 1;
  }
}

function firstDayOf(index: number): number {
  return ((index + FIRST_BLOCK) * BLOCK_SECONDS) / DAY_SECONDS;
}

/**
 * Compiles a calendar.
 * @throws DomainError INVALID `INVALID_CALENDAR` (zone, times, dates, no open time): each fault by its path
 */
export function compileCalendar(definition: CalendarDefinition): Calendar {
  return new Calendar(definition, readDefinition(definition));
}

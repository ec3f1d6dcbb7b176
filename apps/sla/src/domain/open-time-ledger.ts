import type { Instant } from './clock.js';
import { addCovered, openCovered } from './covered-time.js';
import type { CompiledLine } from './policy-timeline.js';

/** Why a stretch began, as `ExplainDeadline` shows it. */
export type StretchReason =
  'opened' | 'customer_message' | 'agent_reply' | 'status' | 'reopened' | 'ended' | 'policy_change' | 'calendar_change';

/** Time under one line and calendar, all of it counted (its open seconds) or none of it (a pause). */
export interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
  readonly counts: boolean;
  /** None: no line held for the ticket, so nothing could count. */
  readonly line: CompiledLine | undefined;
  readonly reason: StretchReason;
}

/**
 * How much open time a clock has used, stretch by stretch. Each stretch keeps the calendar it was lived under, so that a
 * change carries over what was used (SLA-3) and moving to and fro neither gains nor loses a second. Under a
 * `retroactive` line all that came before is seen through that line's calendar instead, as long as the line holds.
 */
export class OpenTimeLedger {
  private readonly past: Stretch[] = [];
  /** Of the past, each stretch by the calendar it was lived under. */
  private carried = 0;
  /** Of the past, as the current line sees it. */
  private counted = 0;
  /** Stretches before this one are seen through another line than the one they were lived under. */
  private recast: { readonly before: number; readonly line: CompiledLine } | undefined;

  private constructor(
    private since: Instant,
    private counting: boolean,
    private line: CompiledLine | undefined,
    private reason: StretchReason,
  ) {}

  static startingAt(
    at: Instant,
    counting: boolean,
    line: CompiledLine | undefined,
    reason: StretchReason,
  ): OpenTimeLedger {
    return new OpenTimeLedger(at, counting, line, reason);
  }

  get isCounting(): boolean {
    return this.counting;
  }

  /** Open seconds used up to an instant not before the last turn. */
  usedAt(at: Instant): number {
    return this.counted + (this.counting ? openSeconds(this.line, this.since, at) : 0);
  }

  /** When so many open seconds will have been used, if it goes on counting; none where they already have been before. */
  reaches(seconds: number): Instant | undefined {
    const missing = seconds - this.counted;
    if (missing < 0 || this.line === undefined) return undefined;
    return addCovered(this.line.calendar, this.since, missing);
  }

  /** Time counts from here on, or stops counting; nothing happens where it already does (SLA-2: two pauses count once). */
  turn(counting: boolean, at: Instant, reason: StretchReason): void {
    if (counting === this.counting) return;
    this.closeAt(at);
    this.counting = counting;
    this.reason = reason;
  }

  /** Another line holds, or the same one with another calendar version. `keepUsed`: what was used stays as it was seen. */
  moveTo(
    line: CompiledLine | undefined,
    at: Instant,
    reason: StretchReason,
    used: 'carry_over' | 'retroactive' | 'keep',
  ): void {
    this.closeAt(at);
    this.line = line;
    this.reason = reason;
    if (used === 'keep') return;
    this.recast = used === 'retroactive' && line !== undefined ? { before: this.past.length, line } : undefined;
    this.counted =
      this.recast === undefined
        ? this.carried
        : this.past.reduce(
            (sum, stretch) => sum + (stretch.counts ? openSeconds(line, stretch.from, stretch.to) : 0),
            0,
          );
  }

  /** The clock has ended; pauses end with it. */
  stop(at: Instant): void {
    this.closeAt(at);
    this.counting = false;
    this.reason = 'ended';
  }

  /** The time since the stop counts after all (`total`). */
  countSinceStop(at: Instant): void {
    this.counting = true;
    this.closeAt(at);
    this.counting = false;
  }

  /** All stretches as the current line sees them, the last one running up to `until`. */
  stretchesUntil(until: Instant): Stretch[] {
    const { recast } = this;
    const past = this.past.map((stretch, index) =>
      recast !== undefined && index < recast.before ? { ...stretch, line: recast.line } : stretch,
    );
    const last = { from: this.since, to: until, counts: this.counting, line: this.line, reason: this.reason };
    return until > this.since ? [...past, last] : past;
  }

  private closeAt(at: Instant): void {
    if (at > this.since) {
      const { since: from, counting: counts, line, reason } = this;
      this.past.push({ from, to: at, counts, line, reason });
      if (counts) {
        const open = openSeconds(line, from, at);
        this.carried += open;
        this.counted += open;
      }
    }
    this.since = at;
  }
}

function openSeconds(line: CompiledLine | undefined, from: Instant, to: Instant): number {
  return line === undefined ? 0 : openCovered(line.calendar, from, to);
}

import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform/database/transaction.js';
import { computeClocks, type TicketClocks } from '../domain/compute-clocks.js';
import { HolidaysNotCovered } from '../domain/covered-time.js';
import type { PolicyTimeline } from '../domain/policy-timeline.js';
import type { Read } from '../persistence/rules.repository.js';
import type { LockedTicket, Recorded } from '../persistence/ticket-clocks.repository.js';
import { decidedUntil } from './decided-until.js';
import { DeskRules } from './desk-rules.js';
import { ExtendCalendars } from './extend-calendars.js';

/** Computes the clocks that are to be recorded, and adds the years of public holidays that it takes on the way. */
@Injectable()
export class ComputeRecorded {
  constructor(
    private readonly deskRules: DeskRules,
    private readonly calendars: ExtendCalendars,
  ) {}

  /** Errors: INVALID HOLIDAYS_NOT_COVERED for a year that the source of holidays does not know. */
  async execute(tx: Transaction, { deskId }: LockedTicket, known: Recorded, revision: number, now: Date): Promise<TicketClocks> {
    const read: Read = (text, values) => tx.query(text, values);
    let timeline = await this.deskRules.timeline(read, deskId, revision);
    for (;;) {
      try {
        return compute(known, timeline, now);
      } catch (error) {
        if (!(error instanceof HolidaysNotCovered) || !(await this.calendars.towards(tx, deskId, error))) throw error;
        tx.onCommitted(() => this.deskRules.forget(deskId));
        timeline = await this.deskRules.uncommitted(read, deskId, revision);
      }
    }
  }
}

function compute({ facts }: Recorded, timeline: PolicyTimeline, now: Date): TicketClocks {
  return computeClocks({ facts, timeline, now: decidedUntil(now, timeline) });
}

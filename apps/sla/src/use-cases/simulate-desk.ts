import { Injectable } from '@nestjs/common';
import { epochSeconds } from '#kernel/business-time/dates.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { invalid } from '#kernel/errors.js';
import { compilePolicies, type CalendarVersion, type PolicySnapshot } from '../domain/policy-timeline.js';
import { simulatePolicy, type SimulatedClock } from '../domain/simulate-policy.js';
import { RulesRepository } from '../persistence/rules.repository.js';
import { TicketClocksRepository } from '../persistence/ticket-clocks.repository.js';
import { TicketRepository } from '../persistence/ticket.repository.js';
import { nextVersion } from './apply-rules.js';
import { DeskFiles } from './desk-files.js';
import { compileVersion, DeskRules } from './desk-rules.js';

const TICKETS_AT_ONCE = 200;

export interface SimulatedTicketClock extends SimulatedClock {
  readonly ticketId: string;
  readonly number: string;
}

/** A changed desk file against all open tickets. Reads in batches and writes nothing. */
@Injectable()
export class SimulateDesk {
  constructor(
    private readonly files: DeskFiles,
    private readonly rules: RulesRepository,
    private readonly deskRules: DeskRules,
    private readonly tickets: TicketRepository,
    private readonly clocks: TicketClocksRepository,
  ) {}

  async *execute(deskId: string, source: string, at: Date): AsyncGenerator<SimulatedTicketClock> {
    const { document } = this.files.parse(source);
    if (document.id !== deskId) throw invalid([{ field: 'source', description: `is the file of the desk ${document.id}` }]);
    const timeline = await this.deskRules.inForce(deskId, at);
    const candidate = await this.candidate(document, at, timeline.snapshots.at(-1)!.policyVersion + 1);
    for await (const batch of this.tickets.ofDesk(deskId, { openOnly: true }, TICKETS_AT_ONCE)) {
      const known = await this.clocks.load(this.rules.read, batch.map(({ ticketId }) => ticketId));
      for (const { ticketId, number } of batch) {
        const facts = known.get(ticketId)?.facts ?? [];
        for (const clock of simulatePolicy(facts, timeline, candidate, epochSeconds(at))) {
          yield { ...clock, ticketId, number };
        }
      }
    }
  }

  /** Calendars as applying the file would make them: the same version where nothing differs. */
  private async candidate(document: DeskDocument, at: Date, policyVersion: number): Promise<PolicySnapshot> {
    const rows = await this.rules.allCalendars(this.rules.read, document.id);
    const newest = new Map(rows.map((row) => [row.calendarId, row]));
    const calendars = new Map<string, CalendarVersion>();
    for (const [id, spec] of Object.entries(document.calendars)) {
      const before = newest.get(id);
      const next = nextVersion(document, id, spec, before, at);
      calendars.set(id, next === before ? this.deskRules.compiledCalendar(next) : compileVersion(next));
    }
    return compilePolicies(document, calendars, { policyVersion, appliedAt: epochSeconds(at) });
  }
}

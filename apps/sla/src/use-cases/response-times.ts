import { Injectable } from '@nestjs/common';
import { type Caller, isStaff } from '#kernel/caller.js';
import { Clock } from '#kernel/clock.js';
import { parseDuration } from '#kernel/desk/duration.js';
import { DomainError } from '#kernel/errors.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { type LaneTime, ReportRepository } from '../persistence/report.repository.js';

/** SHP-10: how soon the desk has answered of late, for whom the desk lets know. */
@Injectable()
export class ResponseTimes {
  constructor(
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly reports: ReportRepository,
  ) {}

  /** Errors: NOT_FOUND DESK_NOT_FOUND, UNAUTHENTICATED SIGN_IN_REQUIRED, PERMISSION_DENIED AGENTS_ONLY. */
  async execute(deskId: string, caller: Caller | undefined): Promise<LaneTime[]> {
    const { document: desk } = await this.desks.current(deskId);
    const { visibility, window } = desk.responseTimes;
    const here = caller?.deskId === deskId ? caller : undefined;
    if (visibility !== 'anyone' && !here) {
      throw new DomainError('UNAUTHENTICATED', 'SIGN_IN_REQUIRED', 'this desk shows its response times to those who are signed in');
    }
    if (visibility === 'agents' && here && !isStaff(here)) {
      throw new DomainError('FORBIDDEN', 'AGENTS_ONLY', 'this desk shows its response times to its agents');
    }
    const since = new Date(this.clock.now().getTime() - parseDuration(window) * 1000);
    return this.reports.responseTimes(deskId, since);
  }
}

import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type {
  GetComplianceRequest,
  GetComplianceResponse,
  ListBreachesRequest,
  ListBreachesResponse,
  ListWaitingTicketsRequest,
  ListWaitingTicketsResponse,
} from '#contracts/generated/priolane/sla/v1/clock.js';
import type { Caller } from '#kernel/caller.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { readPage, toPage } from '#platform/grpc/paging.js';
import { fromTimestampOrUndefined, toTimestamp, toTimestampOrNull } from '#platform/grpc/timestamps.js';
import { type ComplianceCount, ReportRepository } from '../persistence/report.repository.js';
import { WaitingTicketRepository } from '../persistence/waiting-ticket.repository.js';
import { targetOf, toWaitingMessage } from './messages.js';

const waitingCursor = z.object({ since: z.iso.datetime(), ticketId: z.uuid() });
const breachCursor = z.object({ occurredAt: z.iso.datetime(), id: z.uuid() });

@Injectable()
export class Reports {
  constructor(
    private readonly desks: DeskDirectory,
    private readonly reports: ReportRepository,
    private readonly waitingTickets: WaitingTicketRepository,
  ) {}

  async breaches({ deskId }: Caller, request: ListBreachesRequest): Promise<ListBreachesResponse> {
    const { includeRevoked } = request;
    const filter = { ...span(request), target: targetOf(request.target), includeRevoked };
    const page = readPage(request, { deskId, ...filter }, breachCursor);
    const found = await this.reports.breaches(deskId, { ...filter, before: page.cursor, limit: page.size + 1 });
    const { rows, nextPageToken } = toPage(found, page, { deskId, ...filter }, ({ occurredAt, id }) => ({
      occurredAt: occurredAt.toISOString(),
      id,
    }));
    const breaches = rows.map(({ id: _id, number: ticketNumber, dueAt, occurredAt, recordedAt, revokedAt, ...rest }) => ({
      ...rest,
      ticketNumber,
      dueAt: toTimestamp(dueAt),
      occurredAt: toTimestamp(occurredAt),
      recordedAt: toTimestamp(recordedAt),
      revokedAt: toTimestampOrNull(revokedAt),
    }));
    return { breaches, nextPageToken };
  }

  /** Tickets whose events have a gap. */
  async waiting({ deskId }: Caller, request: ListWaitingTicketsRequest): Promise<ListWaitingTicketsResponse> {
    const page = readPage(request, { deskId }, waitingCursor);
    const found = await this.waitingTickets.ofDesk(deskId, page.cursor, page.size + 1);
    const { rows, nextPageToken } = toPage(found, page, { deskId }, ({ since, ticketId }) => ({
      since: since.toISOString(),
      ticketId,
    }));
    return { tickets: rows.map(toWaitingMessage), nextPageToken };
  }

  async compliance({ deskId }: Caller, request: GetComplianceRequest): Promise<GetComplianceResponse> {
    const { document: desk } = await this.desks.current(deskId);
    const filter = { ...span(request), target: targetOf(request.target) };
    const rows = await this.reports.compliance(deskId, desk.timeZone, filter);
    return { rows: rows.map((row) => ({ ...row, keptBasisPoints: share(row) })) };
  }
}

function span(request: Pick<ListBreachesRequest, 'from' | 'to'>): { from?: Date; to?: Date } {
  return { from: fromTimestampOrUndefined(request.from), to: fromTimestampOrUndefined(request.to) };
}

function share({ met, breached }: ComplianceCount): number | undefined {
  const decided = Number(met) + Number(breached);
  return decided === 0 ? undefined : Math.round((Number(met) * 10_000) / decided);
}

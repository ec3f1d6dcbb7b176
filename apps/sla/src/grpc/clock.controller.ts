import type { Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import type { Observable } from 'rxjs';
import {
  type ClockServiceController,
  ClockServiceControllerMethods,
  type ExplainDeadlineRequest,
  type ExplainDeadlineResponse,
  type GetComplianceRequest,
  type GetComplianceResponse,
  type GetResponseTimesRequest,
  type GetResponseTimesResponse,
  type ListBreachesRequest,
  type ListBreachesResponse,
  type ListClocksRequest,
  type ListClocksResponse,
  type PreviewDeadlineRequest,
  type PreviewDeadlineResponse,
  type ListWaitingTicketsRequest,
  type ListWaitingTicketsResponse,
  type ReplayClocksRequest,
  type ReplayClocksResponse,
} from '#contracts/generated/priolane/sla/v1/clock.js';
import { Clock } from '#kernel/clock.js';
import { invalid } from '#kernel/errors.js';
import { callerIfKnown, callerOf } from '#platform/auth/caller.js';
import { streamOf } from '#platform/grpc/streams.js';
import { fromTimestampOrUndefined } from '#platform/grpc/timestamps.js';
import { TARGETS } from '../domain/clock.js';
import { ClockReads } from '../use-cases/clock-reads.js';
import { PreviewTicket } from '../use-cases/preview-ticket.js';
import { ReplayTickets } from '../use-cases/replay-tickets.js';
import { ResponseTimes } from '../use-cases/response-times.js';
import { instantOrNull, targetOf, toClockMessage } from './messages.js';
import { Reports } from './reports.js';

@Controller()
@ClockServiceControllerMethods()
export class ClockController implements ClockServiceController {
  constructor(
    private readonly clock: Clock,
    private readonly reads: ClockReads,
    private readonly previews: PreviewTicket,
    private readonly replays: ReplayTickets,
    private readonly times: ResponseTimes,
    private readonly reports: Reports,
  ) {}

  async listClocks(request: ListClocksRequest, metadata?: Metadata): Promise<ListClocksResponse> {
    const { ticketId, clocks, notPromised, missingSequence = 0 } = await this.reads.list(callerOf(metadata), request.ticketId);
    return { clocks: clocks.map((clock) => toClockMessage(ticketId, clock)), notPromised: [...notPromised], missingSequence };
  }

  async explainDeadline(request: ExplainDeadlineRequest, metadata?: Metadata): Promise<ExplainDeadlineResponse> {
    const target = targetOf(request.target);
    if (target === undefined) throw invalid([{ field: 'target', description: `is required: ${TARGETS.join(', ')}` }]);
    const cycle = request.cycle === 0 ? undefined : request.cycle;
    const { ticketId, explanation } = await this.reads.explain(callerOf(metadata), request.ticketId, target, cycle);
    return {
      clock: toClockMessage(ticketId, explanation.clock),
      intervals: explanation.intervals.map((interval) => ({
        from: instantOrNull(interval.from),
        to: instantOrNull(interval.to),
        kind: interval.kind,
        countedSeconds: String(interval.countedSeconds),
        cumulativeSeconds: String(interval.cumulativeSeconds),
        policyId: interval.policyId,
        calendarId: interval.calendarId,
        reason: interval.reason,
      })),
      summary: explanation.summary,
      missingSequence: explanation.missingSequence ?? 0,
    };
  }

  async previewDeadline(request: PreviewDeadlineRequest, metadata?: Metadata): Promise<PreviewDeadlineResponse> {
    const { packageId, type, priority, channel, lane, department } = request;
    const openedAt = fromTimestampOrUndefined(request.openedAt) ?? this.clock.now();
    const ticket = { package: packageId, type, priority, channel, lane, department };
    const { clocks, notPromised } = await this.previews.execute(callerOf(metadata).deskId, ticket, openedAt);
    return { clocks: clocks.map((clock) => toClockMessage('', clock)), notPromised: [...notPromised] };
  }

  listBreaches(request: ListBreachesRequest, metadata?: Metadata): Promise<ListBreachesResponse> {
    return this.reports.breaches(callerOf(metadata), request);
  }

  listWaitingTickets(request: ListWaitingTicketsRequest, metadata?: Metadata): Promise<ListWaitingTicketsResponse> {
    return this.reports.waiting(callerOf(metadata), request);
  }

  replayClocks(request: ReplayClocksRequest, metadata?: Metadata): Observable<ReplayClocksResponse> {
    const { deskId } = callerOf(metadata);
    return streamOf(() => this.replayed(deskId, request.ticketId || undefined));
  }

  private async *replayed(deskId: string, ticketId: string | undefined): AsyncGenerator<ReplayClocksResponse> {
    let tickets = 0;
    let clocks = 0;
    let differences = 0;
    for await (const replayed of this.replays.execute(deskId, ticketId)) {
      tickets += 1;
      clocks += replayed.clocks;
      differences += replayed.differences.length;
      for (const difference of replayed.differences) yield { difference: { ticketId: replayed.ticketId, ...difference } };
    }
    yield { summary: { tickets: String(tickets), clocks: String(clocks), differences: String(differences) } };
  }

  getCompliance(request: GetComplianceRequest, metadata?: Metadata): Promise<GetComplianceResponse> {
    return this.reports.compliance(callerOf(metadata), request);
  }

  async getResponseTimes(request: GetResponseTimesRequest, metadata?: Metadata): Promise<GetResponseTimesResponse> {
    const lanes = await this.times.execute(request.deskId, callerIfKnown(metadata));
    return {
      lanes: lanes.map(({ lane, answered, median, p90 }) => ({ lane, answered, medianSeconds: median, p90Seconds: p90 })),
    };
  }
}

import type { Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import type { Observable } from 'rxjs';
import {
  type CheckPoliciesRequest,
  type CheckPoliciesResponse,
  type ListPoliciesRequest,
  type ListPoliciesResponse,
  type PolicyServiceController,
  PolicyServiceControllerMethods,
  type SimulatePolicyRequest,
  type SimulatePolicyResponse,
} from '#contracts/generated/priolane/sla/v1/policy.js';
import { Clock } from '#kernel/clock.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { callerOf } from '#platform/auth/caller.js';
import { streamOf } from '#platform/grpc/streams.js';
import { fromTimestampOrUndefined } from '#platform/grpc/timestamps.js';
import { checkPolicies } from '../domain/check-policies.js';
import { DeskFiles } from '../use-cases/desk-files.js';
import { SimulateDesk } from '../use-cases/simulate-desk.js';
import { instantOrNull } from './messages.js';

@Controller()
@PolicyServiceControllerMethods()
export class PolicyController implements PolicyServiceController {
  constructor(
    private readonly clock: Clock,
    private readonly desks: DeskDirectory,
    private readonly files: DeskFiles,
    private readonly simulates: SimulateDesk,
  ) {}

  async listPolicies(_request: ListPoliciesRequest, metadata?: Metadata): Promise<ListPoliciesResponse> {
    const { document, version } = await this.desks.current(callerOf(metadata).deskId);
    const lines = document.sla.policies.map((line) => ({
      id: line.id,
      version,
      calendarId: line.calendar,
      definition: JSON.stringify(line),
    }));
    return { lines };
  }

  async checkPolicies(request: CheckPoliciesRequest, metadata?: Metadata): Promise<CheckPoliciesResponse> {
    const { deskId } = callerOf(metadata);
    const { document } = request.source ? this.files.parse(request.source) : await this.desks.current(deskId);
    const { unreachableLines, uncovered } = checkPolicies(document);
    return {
      unreachableLines: [...unreachableLines],
      uncovered: uncovered.map(({ traits, targets }) => ({
        packageId: traits.package ?? '',
        type: traits.type ?? '',
        department: traits.department ?? '',
        priority: traits.priority ?? '',
        channel: traits.channel ?? '',
        lane: traits.lane ?? '',
        targets: [...targets],
      })),
    };
  }

  simulatePolicy(request: SimulatePolicyRequest, metadata?: Metadata): Observable<SimulatePolicyResponse> {
    const { deskId } = callerOf(metadata);
    return streamOf(() => this.simulated(deskId, request));
  }

  private async *simulated(deskId: string, request: SimulatePolicyRequest): AsyncGenerator<SimulatePolicyResponse> {
    const at = fromTimestampOrUndefined(request.at) ?? this.clock.now();
    for await (const clock of this.simulates.execute(deskId, request.source, at)) {
      if (clock.outcome === 'unchanged' && !request.includeUnchanged) continue;
      yield {
        ticketId: clock.ticketId,
        ticketNumber: clock.number,
        target: clock.target,
        outcome: clock.outcome,
        oldDueAt: instantOrNull(clock.oldDueAt),
        newDueAt: instantOrNull(clock.newDueAt),
      };
    }
  }
}

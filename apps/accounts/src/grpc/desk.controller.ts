import type { Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import {
  type ApplyDeskRequest,
  type ApplyDeskResponse,
  type CheckDeskRequest,
  type CheckDeskResponse,
  type DeskServiceController,
  DeskServiceControllerMethods,
  type GetDeskRequest,
  type GetDeskResponse,
  type ListChannelsRequest,
  type ListChannelsResponse,
  type ListDesksRequest,
  type ListDesksResponse,
} from '#contracts/generated/priolane/accounts/v1/desk.js';
import { textIn } from '#kernel/desk/lookups.js';
import { notFound } from '#kernel/errors.js';
import { callerOf } from '#platform/auth/caller.js';
import { DeskFiles } from '../clients/desk-files.js';
import { deskNamedBy, scopeOf } from '../domain/tenancy.js';
import { DeskDocuments } from '../persistence/desk-documents.js';
import { DeskQueries } from '../persistence/desk.queries.js';
import { ApplyDesk } from '../use-cases/apply-desk.js';
import { toDesk } from './messages.js';

@Controller()
@DeskServiceControllerMethods()
export class DeskController implements DeskServiceController {
  constructor(
    private readonly applyDeskUseCase: ApplyDesk,
    private readonly files: DeskFiles,
    private readonly desks: DeskQueries,
    private readonly documents: DeskDocuments,
  ) {}

  async applyDesk(request: ApplyDeskRequest, metadata?: Metadata): Promise<ApplyDeskResponse> {
    const { desk, changed, warnings } = await this.applyDeskUseCase.execute(callerOf(metadata), request);
    return { desk: toDesk(desk), changed, warnings: [...warnings] };
  }

  checkDesk(request: CheckDeskRequest): CheckDeskResponse {
    return { warnings: [...this.files.read(request.source).warnings] };
  }

  async getDesk(request: GetDeskRequest, metadata?: Metadata): Promise<GetDeskResponse> {
    const caller = callerOf(metadata);
    const deskId = deskNamedBy(caller, request.deskId);
    const desk = await this.desks.find(scopeOf(caller), deskId, request.version);
    if (!desk) throw notFound('desk', request.version === 0 ? deskId : `${deskId} version ${request.version}`);
    return { desk: toDesk(desk) };
  }

  async listDesks(_request: ListDesksRequest, metadata?: Metadata): Promise<ListDesksResponse> {
    return { desks: (await this.desks.list(scopeOf(callerOf(metadata)))).map(toDesk) };
  }

  async listChannels(request: ListChannelsRequest): Promise<ListChannelsResponse> {
    const desk = await this.documents.inForce(request.deskId);
    const words = (text: Parameters<typeof textIn>[1]): string => textIn(desk, text, request.language || undefined);
    return {
      channels: desk.channels.map((channel) => ({
        id: channel.id,
        label: words(channel.label),
        offered: channel.offered,
        purpose: words(channel.purpose),
        responseTime: words(channel.responseTime),
        where: channel.where,
      })),
    };
  }
}

import type { Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import {
  type ApiKeyServiceController,
  ApiKeyServiceControllerMethods,
  type CreateApiKeyRequest,
  type CreateApiKeyResponse,
  type ListApiKeysRequest,
  type ListApiKeysResponse,
  type RevokeApiKeyRequest,
  type RevokeApiKeyResponse,
} from '#contracts/generated/priolane/accounts/v1/api_key.js';
import { callerOf } from '#platform/auth/caller.js';
import { fromTimestampOrUndefined } from '#platform/grpc/timestamps.js';
import { scopeOf } from '../domain/tenancy.js';
import { ApiKeyQueries } from '../persistence/api-key.queries.js';
import { CreateApiKey } from '../use-cases/create-api-key.js';
import { RevokeApiKey } from '../use-cases/revoke-api-key.js';
import { fromRoles, toApiKey } from './messages.js';

@Controller()
@ApiKeyServiceControllerMethods()
export class ApiKeyController implements ApiKeyServiceController {
  constructor(
    private readonly createApiKeyUseCase: CreateApiKey,
    private readonly revokeApiKeyUseCase: RevokeApiKey,
    private readonly apiKeys: ApiKeyQueries,
  ) {}

  async createApiKey(request: CreateApiKeyRequest, metadata?: Metadata): Promise<CreateApiKeyResponse> {
    const { apiKey, secret } = await this.createApiKeyUseCase.execute(callerOf(metadata), {
      ...request,
      roles: fromRoles(request.roles),
      expiresAt: fromTimestampOrUndefined(request.expiresAt),
    });
    return { apiKey: toApiKey(apiKey), secret };
  }

  async listApiKeys(_request: ListApiKeysRequest, metadata?: Metadata): Promise<ListApiKeysResponse> {
    return { apiKeys: (await this.apiKeys.list(scopeOf(callerOf(metadata)))).map(toApiKey) };
  }

  async revokeApiKey(request: RevokeApiKeyRequest, metadata?: Metadata): Promise<RevokeApiKeyResponse> {
    return { apiKey: toApiKey(await this.revokeApiKeyUseCase.execute(callerOf(metadata), request)) };
  }
}

import type { Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import {
  type AuthServiceController,
  AuthServiceControllerMethods,
  type ExchangeApiKeyRequest,
  type ExchangeApiKeyResponse,
  type ListSigningKeysResponse,
  type RefreshTokenRequest,
  type RefreshTokenResponse,
  type SignInRequest,
  type SignInResponse,
  type WhoAmIRequest,
  type WhoAmIResponse,
} from '#contracts/generated/priolane/accounts/v1/auth.js';
import { callerOf } from '#platform/auth/caller.js';
import { SigningKeys } from '../credentials/signing-keys.js';
import { ExchangeApiKey } from '../use-cases/exchange-api-key.js';
import { RefreshToken } from '../use-cases/refresh-token.js';
import { SignIn } from '../use-cases/sign-in.js';
import { toRole, toTokenPair } from './messages.js';

@Controller()
@AuthServiceControllerMethods()
export class AuthController implements AuthServiceController {
  constructor(
    private readonly signInUseCase: SignIn,
    private readonly refreshTokenUseCase: RefreshToken,
    private readonly exchangeApiKeyUseCase: ExchangeApiKey,
    private readonly keys: SigningKeys,
  ) {}

  async signIn(request: SignInRequest): Promise<SignInResponse> {
    return { tokens: toTokenPair(await this.signInUseCase.execute(request)) };
  }

  async refreshToken(request: RefreshTokenRequest): Promise<RefreshTokenResponse> {
    return { tokens: toTokenPair(await this.refreshTokenUseCase.execute(request.refreshToken)) };
  }

  async exchangeApiKey(request: ExchangeApiKeyRequest): Promise<ExchangeApiKeyResponse> {
    return { tokens: toTokenPair(await this.exchangeApiKeyUseCase.execute(request.apiKey)) };
  }

  async listSigningKeys(): Promise<ListSigningKeysResponse> {
    return { keys: [...(await this.keys.list())] };
  }

  whoAmI(_request: WhoAmIRequest, metadata?: Metadata): WhoAmIResponse {
    const caller = callerOf(metadata);
    return {
      deskId: caller.deskId,
      organisationId: caller.organisationId ?? '',
      accountId: caller.accountId,
      name: caller.name,
      email: caller.email,
      roles: caller.roles.map(toRole),
    };
  }
}

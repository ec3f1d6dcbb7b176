import { type DynamicModule, Module } from '@nestjs/common';
import { busOptions } from '#messaging/bus/bus-options.js';
import { MessagingModule } from '#messaging/messaging.module.js';
import { messagingEntities } from '#messaging/messaging-entities.js';
import { MessagingTables1760000001000 } from '#messaging/messaging-tables.migration.js';
import { DatabaseModule } from '#platform/database/database.module.js';
import { DeskFiles } from './clients/desk-files.js';
import { AccessTokens } from './credentials/access-tokens.js';
import { Passwords } from './credentials/passwords.js';
import { SigningKeys } from './credentials/signing-keys.js';
import { Vault } from './credentials/vault.js';
import type { AccountsEnv } from './env.js';
import { AccountController } from './grpc/account.controller.js';
import { ApiKeyController } from './grpc/api-key.controller.js';
import { AuthController } from './grpc/auth.controller.js';
import { DeskController } from './grpc/desk.controller.js';
import { OrganisationController } from './grpc/organisation.controller.js';
import { accountEntities } from './persistence/account-entities.js';
import { AccountQueries } from './persistence/account.queries.js';
import { ApiKeyQueries } from './persistence/api-key.queries.js';
import { DeskDocuments } from './persistence/desk-documents.js';
import { DeskQueries } from './persistence/desk.queries.js';
import { AccountsTables1760000010000 } from './persistence/migrations/accounts-tables.migration.js';
import { OrganisationQueries } from './persistence/organisation.queries.js';
import { SessionSweeper } from './persistence/session-sweeper.js';
import { SigningKeyQueries } from './persistence/signing-key.queries.js';
import { AcceptInvitation } from './use-cases/accept-invitation.js';
import { ApplyDesk } from './use-cases/apply-desk.js';
import { ChangePackage } from './use-cases/change-package.js';
import { CloseAccount } from './use-cases/close-account.js';
import { CreateAccount } from './use-cases/create-account.js';
import { CreateApiKey } from './use-cases/create-api-key.js';
import { CreateOrganisation } from './use-cases/create-organisation.js';
import { ExchangeApiKey } from './use-cases/exchange-api-key.js';
import { InviteAccount } from './use-cases/invite-account.js';
import { RefreshToken } from './use-cases/refresh-token.js';
import { RevokeApiKey } from './use-cases/revoke-api-key.js';
import { RotateSigningKeys } from './use-cases/rotate-signing-keys.js';
import { SignIn } from './use-cases/sign-in.js';

/** Desks, organisations, accounts, credentials and signing keys. */
@Module({
  controllers: [AuthController, DeskController, OrganisationController, AccountController, ApiKeyController],
  providers: [
    Vault,
    Passwords,
    SigningKeys,
    AccessTokens,
    DeskFiles,
    DeskDocuments,
    DeskQueries,
    OrganisationQueries,
    AccountQueries,
    ApiKeyQueries,
    SigningKeyQueries,
    SessionSweeper,
    SignIn,
    RefreshToken,
    ExchangeApiKey,
    RotateSigningKeys,
    ApplyDesk,
    CreateOrganisation,
    ChangePackage,
    CreateAccount,
    InviteAccount,
    AcceptInvitation,
    CloseAccount,
    CreateApiKey,
    RevokeApiKey,
  ],
})
export class AppModule {
  static forRoot(env: AccountsEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forRoot({
          url: env.DATABASE_URL,
          poolSize: env.DATABASE_POOL_SIZE,
          applicationName: 'priolane-accounts',
          entities: [...messagingEntities, ...accountEntities],
          migrations: [MessagingTables1760000001000, AccountsTables1760000010000],
        }),
        MessagingModule.forRoot({ service: 'accounts', bus: busOptions(env), consumes: [] }),
      ],
    };
  }
}

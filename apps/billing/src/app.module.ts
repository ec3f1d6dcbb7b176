import { type DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { busOptions } from '#messaging/bus/bus-options.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { DeskTables1760000002000 } from '#messaging/desk-replica/desk-tables.migration.js';
import { DeskVersion } from '#messaging/desk-replica/desk-version.entity.js';
import { OnDeskApplied } from '#messaging/desk-replica/on-desk-applied.js';
import { messagingEntities } from '#messaging/messaging-entities.js';
import { MessagingTables1760000001000 } from '#messaging/messaging-tables.migration.js';
import { MessagingModule } from '#messaging/messaging.module.js';
import { DatabaseModule } from '#platform/database/database.module.js';
import { StripePayments } from './clients/stripe-payments.js';
import { StripeWebhooks } from './clients/stripe-webhooks.js';
import type { BillingEnv } from './env.js';
import { OnClockBreached } from './events/on-clock-breached.js';
import { OnTicketChanged } from './events/on-ticket-changed.js';
import { OnTicketOpened } from './events/on-ticket-opened.js';
import { OnTicketResolved } from './events/on-ticket-resolved.js';
import { FinanceController } from './grpc/finance.controller.js';
import { PriceController } from './grpc/price.controller.js';
import { PurchaseController } from './grpc/purchase.controller.js';
import { StripeWebhookController } from './http/stripe-webhook.controller.js';
import { StripeWorker } from './jobs/stripe-worker.js';
import { FinanceQueries } from './persistence/finance.queries.js';
import { LedgerRepository } from './persistence/ledger.repository.js';
import { LedgerTables1760000042000 } from './persistence/migrations/ledger-tables.js';
import { PurchaseTables1760000040000 } from './persistence/migrations/purchase-tables.js';
import { StripeTables1760000041000 } from './persistence/migrations/stripe-tables.js';
import { OperationRepository } from './persistence/operation.repository.js';
import { PurchaseRecord } from './persistence/purchase.entity.js';
import { PurchaseRepository } from './persistence/purchase.repository.js';
import { QuoteRepository } from './persistence/quote.repository.js';
import { RefundRepository } from './persistence/refund.repository.js';
import { StripeEventRepository } from './persistence/stripe-event.repository.js';
import { TicketRepository } from './persistence/ticket.repository.js';
import { CancelPurchase } from './use-cases/cancel-purchase.js';
import { CreatePurchase } from './use-cases/create-purchase.js';
import { CreateQuote } from './use-cases/create-quote.js';
import { PerformOperation } from './use-cases/perform-operation.js';
import { RefundPurchase } from './use-cases/refund-purchase.js';
import { SyncPayment } from './use-cases/sync-payment.js';
import { TakeStripeEvent } from './use-cases/take-stripe-event.js';

const consumes = [OnDeskApplied, OnTicketOpened, OnTicketChanged, OnTicketResolved, OnClockBreached];
const repositories = [
  DeskDirectory,
  TicketRepository,
  QuoteRepository,
  PurchaseRepository,
  RefundRepository,
  OperationRepository,
  StripeEventRepository,
  LedgerRepository,
  FinanceQueries,
];
const useCases = [
  CreateQuote,
  CreatePurchase,
  CancelPurchase,
  RefundPurchase,
  PerformOperation,
  SyncPayment,
  TakeStripeEvent,
];
const stripe = [StripePayments, StripeWebhooks, StripeWorker];

@Module({})
export class AppModule {
  static forEnv(env: BillingEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forRoot({
          url: env.DATABASE_URL,
          poolSize: env.DATABASE_POOL_SIZE,
          applicationName: 'billing',
          entities: [...messagingEntities, DeskVersion, PurchaseRecord],
          migrations: [
            MessagingTables1760000001000,
            DeskTables1760000002000,
            PurchaseTables1760000040000,
            StripeTables1760000041000,
            LedgerTables1760000042000,
          ],
        }),
        MessagingModule.forRoot({ service: 'billing', bus: busOptions(env), consumes }),
        ScheduleModule.forRoot(),
      ],
      controllers: [PriceController, PurchaseController, FinanceController, StripeWebhookController],
      providers: [...repositories, ...useCases, ...consumes, ...stripe],
    };
  }
}

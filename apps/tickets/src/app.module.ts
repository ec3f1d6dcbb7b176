import { type DynamicModule, Module } from '@nestjs/common';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { DeskTables1760000002000 } from '#messaging/desk-replica/desk-tables.migration.js';
import { DeskVersion } from '#messaging/desk-replica/desk-version.entity.js';
import { OnDeskApplied } from '#messaging/desk-replica/on-desk-applied.js';
import { busOptions } from '#messaging/bus/bus-options.js';
import { messagingEntities } from '#messaging/messaging-entities.js';
import { MessagingModule } from '#messaging/messaging.module.js';
import { MessagingTables1760000001000 } from '#messaging/messaging-tables.migration.js';
import { DatabaseModule } from '#platform/database/database.module.js';
import type { TicketsEnv } from './env.js';
import { OnAccountChanged } from './events/on-account-changed.js';
import { OnClockDueChanged } from './events/on-clock-due-changed.js';
import { OnLifecycleDue } from './events/on-lifecycle-due.js';
import { OnOrganisationChanged } from './events/on-organisation-changed.js';
import { OnPurchaseChanged } from './events/on-purchase-changed.js';
import { IntakeController } from './grpc/intake.controller.js';
import { KnowledgeController } from './grpc/knowledge.controller.js';
import { QueueController } from './grpc/queue.controller.js';
import { TicketReads } from './grpc/ticket-reads.js';
import { TicketController } from './grpc/ticket.controller.js';
import { AccountRepository } from './persistence/account.repository.js';
import { KnowledgeRepository } from './persistence/knowledge.repository.js';
import { MessageRecord } from './persistence/message.entity.js';
import { AccountTables1760000012000 } from './persistence/migrations/account-tables.js';
import { FollowUp1760000014000 } from './persistence/migrations/follow-up.js';
import { ReplySequence1760000013000 } from './persistence/migrations/reply-sequence.js';
import { KnowledgeTables1760000011000 } from './persistence/migrations/knowledge-tables.js';
import { TicketLists1760000015000 } from './persistence/migrations/ticket-lists.js';
import { TicketTables1760000010000 } from './persistence/migrations/ticket-tables.js';
import { OrganisationRepository } from './persistence/organisation.repository.js';
import { QueueRepository } from './persistence/queue.repository.js';
import { TicketNumbers } from './persistence/ticket-numbers.js';
import { TicketRecord } from './persistence/ticket.entity.js';
import { TicketRepository } from './persistence/ticket.repository.js';
import { AddMessage } from './use-cases/add-message.js';
import { AskQuestion } from './use-cases/ask-question.js';
import { ChangeStatus } from './use-cases/change-status.js';
import { ClaimNext } from './use-cases/claim-next.js';
import { ExplainRank } from './use-cases/explain-rank.js';
import { ImportTicket } from './use-cases/import-ticket.js';
import { LockedTicket } from './use-cases/locked-ticket.js';
import { OpenTicket } from './use-cases/open-ticket.js';
import { PutArticle } from './use-cases/put-article.js';
import { ReclassifyTicket } from './use-cases/reclassify-ticket.js';
import { RecordOutcome } from './use-cases/record-outcome.js';

const consumes = [
  OnDeskApplied,
  OnOrganisationChanged,
  OnAccountChanged,
  OnPurchaseChanged,
  OnClockDueChanged,
  OnLifecycleDue,
];
const repositories = [
  DeskDirectory,
  TicketRepository,
  TicketNumbers,
  QueueRepository,
  OrganisationRepository,
  AccountRepository,
  KnowledgeRepository,
];
const useCases = [
  LockedTicket,
  OpenTicket,
  AddMessage,
  ChangeStatus,
  ReclassifyTicket,
  ClaimNext,
  ExplainRank,
  AskQuestion,
  RecordOutcome,
  PutArticle,
  ImportTicket,
];

@Module({})
export class AppModule {
  static forEnv(env: TicketsEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forRoot({
          url: env.DATABASE_URL,
          poolSize: env.DATABASE_POOL_SIZE,
          applicationName: 'tickets',
          entities: [...messagingEntities, DeskVersion, TicketRecord, MessageRecord],
          migrations: [
            MessagingTables1760000001000,
            DeskTables1760000002000,
            TicketTables1760000010000,
            KnowledgeTables1760000011000,
            AccountTables1760000012000,
            ReplySequence1760000013000,
            FollowUp1760000014000,
            TicketLists1760000015000,
          ],
        }),
        MessagingModule.forRoot({ service: 'tickets', bus: busOptions(env), consumes }),
      ],
      controllers: [TicketController, QueueController, KnowledgeController, IntakeController],
      providers: [...repositories, ...useCases, ...consumes, TicketReads],
    };
  }
}

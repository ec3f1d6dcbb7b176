import { type DynamicModule, Module } from '@nestjs/common';
import { busOptions } from '#messaging/bus/bus-options.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { DeskTables1760000002000 } from '#messaging/desk-replica/desk-tables.migration.js';
import { DeskVersion } from '#messaging/desk-replica/desk-version.entity.js';
import { OnDeskApplied } from '#messaging/desk-replica/on-desk-applied.js';
import { messagingEntities } from '#messaging/messaging-entities.js';
import { MessagingModule } from '#messaging/messaging.module.js';
import { MessagingTables1760000001000 } from '#messaging/messaging-tables.migration.js';
import { DatabaseModule } from '#platform/database/database.module.js';
import { Smtp } from './clients/smtp.js';
import type { NotificationsEnv } from './env.js';
import { OnAccountChanged } from './events/on-account-changed.js';
import { OnInvitationSent } from './events/on-invitation-sent.js';
import { OnLifecycleDue } from './events/on-lifecycle-due.js';
import { OnNoticeChanged } from './events/on-notice-changed.js';
import { OnOrganisationChanged } from './events/on-organisation-changed.js';
import { OnPurchaseChanged } from './events/on-purchase-changed.js';
import { OnTicketClassChanged } from './events/on-ticket-class-changed.js';
import { OnTicketMessageAdded } from './events/on-ticket-message-added.js';
import { OnTicketOpened } from './events/on-ticket-opened.js';
import { OnTicketStatusChanged } from './events/on-ticket-status-changed.js';
import { DeliveryController } from './grpc/delivery.controller.js';
import { NoticeController } from './grpc/notice.controller.js';
import { PreferenceController } from './grpc/preference.controller.js';
import { DeliveryRepository } from './persistence/delivery.repository.js';
import { MailAddressRepository } from './persistence/mail-address.repository.js';
import { NotificationTables1760000010000 } from './persistence/migrations/notification-tables.js';
import { ReplySequence1760000013000 } from './persistence/migrations/reply-sequence.js';
import { NoticeRepository } from './persistence/notice.repository.js';
import { PeopleRepository } from './persistence/people.repository.js';
import { TicketCopies } from './persistence/ticket-copies.js';
import { EndNotice } from './use-cases/end-notice.js';
import { PublishNotice } from './use-cases/publish-notice.js';
import { SendMails } from './use-cases/send-mails.js';
import { SetMailAddress } from './use-cases/set-mail-address.js';
import { TellPeople } from './use-cases/tell-people.js';

const consumes = [
  OnDeskApplied,
  OnAccountChanged,
  OnOrganisationChanged,
  OnInvitationSent,
  OnTicketOpened,
  OnTicketMessageAdded,
  OnTicketStatusChanged,
  OnTicketClassChanged,
  OnLifecycleDue,
  OnPurchaseChanged,
  OnNoticeChanged,
];
const repositories = [
  DeskDirectory,
  DeliveryRepository,
  MailAddressRepository,
  NoticeRepository,
  PeopleRepository,
  TicketCopies,
];
const useCases = [PublishNotice, EndNotice, SetMailAddress, TellPeople, SendMails];

/** Mails that tell people what happened, where they want them, and notices for everybody. */
@Module({})
export class AppModule {
  static forEnv(env: NotificationsEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forRoot({
          url: env.DATABASE_URL,
          poolSize: env.DATABASE_POOL_SIZE,
          applicationName: 'notifications',
          entities: [...messagingEntities, DeskVersion],
          migrations: [
            MessagingTables1760000001000,
            DeskTables1760000002000,
            NotificationTables1760000010000,
            ReplySequence1760000013000,
          ],
        }),
        MessagingModule.forRoot({ service: 'notifications', bus: busOptions(env), consumes }),
      ],
      controllers: [DeliveryController, NoticeController, PreferenceController],
      providers: [...repositories, ...useCases, ...consumes, Smtp],
    };
  }
}

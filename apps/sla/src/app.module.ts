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
import type { SlaEnv } from './env.js';
import { OnDeskRules } from './events/on-desk-rules.js';
import { OnTicketEvent } from './events/on-ticket-event.js';
import { BusinessTime } from './grpc/business-time.js';
import { CalendarController } from './grpc/calendar.controller.js';
import { ClockController } from './grpc/clock.controller.js';
import { PolicyController } from './grpc/policy.controller.js';
import { Reports } from './grpc/reports.js';
import { CalendarYears1760000021000 } from './persistence/migrations/calendar-years.js';
import { SlaTables1760000020000 } from './persistence/migrations/sla-tables.js';
import { WaitingTickets1760000022000 } from './persistence/migrations/waiting-tickets.js';
import { ReportRepository } from './persistence/report.repository.js';
import { RulesRepository } from './persistence/rules.repository.js';
import { TicketClocksRepository } from './persistence/ticket-clocks.repository.js';
import { TicketRepository } from './persistence/ticket.repository.js';
import { TimerRepository } from './persistence/timer.repository.js';
import { WaitingTicketRepository } from './persistence/waiting-ticket.repository.js';
import { ApplyRules } from './use-cases/apply-rules.js';
import { CalendarKeeper } from './use-cases/calendar-keeper.js';
import { ClockReads } from './use-cases/clock-reads.js';
import { ComputeRecorded } from './use-cases/compute-recorded.js';
import { DeskFiles } from './use-cases/desk-files.js';
import { DeskRules } from './use-cases/desk-rules.js';
import { ExtendCalendars } from './use-cases/extend-calendars.js';
import { FireTimers } from './use-cases/fire-timers.js';
import { ImportExceptions } from './use-cases/import-exceptions.js';
import { PreviewTicket } from './use-cases/preview-ticket.js';
import { RecomputeClocks } from './use-cases/recompute-clocks.js';
import { RecomputeStale } from './use-cases/recompute-stale.js';
import { ReplayTickets } from './use-cases/replay-tickets.js';
import { ResponseTimes } from './use-cases/response-times.js';
import { Scheduler } from './use-cases/scheduler.js';
import { SimulateDesk } from './use-cases/simulate-desk.js';
import { TimerMetrics } from './use-cases/timer-metrics.js';
import { WaitingAlarm } from './use-cases/waiting-alarm.js';

/** The desk's document is kept before its rules are: they refer to it. */
const consumes = [OnDeskApplied, OnDeskRules, OnTicketEvent];
const repositories = [
  DeskDirectory,
  RulesRepository,
  TicketRepository,
  TicketClocksRepository,
  WaitingTicketRepository,
  TimerRepository,
  ReportRepository,
];
const useCases = [
  ApplyRules,
  ImportExceptions,
  DeskRules,
  DeskFiles,
  ExtendCalendars,
  CalendarKeeper,
  ComputeRecorded,
  RecomputeClocks,
  RecomputeStale,
  FireTimers,
  TimerMetrics,
  Scheduler,
  WaitingAlarm,
  ClockReads,
  PreviewTicket,
  SimulateDesk,
  ReplayTickets,
  ResponseTimes,
];

@Module({})
export class AppModule {
  static forEnv(env: SlaEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ScheduleModule.forRoot(),
        DatabaseModule.forRoot({
          url: env.DATABASE_URL,
          poolSize: env.DATABASE_POOL_SIZE,
          applicationName: 'sla',
          entities: [...messagingEntities, DeskVersion],
          migrations: [
            MessagingTables1760000001000,
            DeskTables1760000002000,
            SlaTables1760000020000,
            CalendarYears1760000021000,
            WaitingTickets1760000022000,
          ],
        }),
        MessagingModule.forRoot({ service: 'sla', bus: busOptions(env), consumes }),
      ],
      controllers: [CalendarController, PolicyController, ClockController],
      providers: [...repositories, ...useCases, ...consumes, BusinessTime, Reports],
    };
  }
}

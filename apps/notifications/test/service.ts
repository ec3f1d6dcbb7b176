import type { DeliveryServiceClient } from '#contracts/generated/priolane/notifications/v1/delivery.js';
import type { NoticeServiceClient } from '#contracts/generated/priolane/notifications/v1/notice.js';
import type { PreferenceServiceClient } from '#contracts/generated/priolane/notifications/v1/preference.js';
import type { Caller } from '#kernel/caller.js';
import type { Clock } from '#kernel/clock.js';
import { parseEnv } from '#platform/env.js';
import { MutableClock } from '#testing/clock.js';
import { type ServiceUnderTest, startService, TEST_ENV } from '#testing/grpc.js';
import { withClient } from '#testing/infrastructure/databases.js';
import { createTestDatabase } from '#testing/infrastructure/test-database.js';
import { deskFile, eventually, Neighbours } from '#testing/neighbours.js';
import { AppModule } from '../src/app.module.js';
import { env } from '../src/env.js';

/** Monday 18 May 2026, 09:00 in Berlin. */
export const MONDAY = new Date('2026-05-18T07:00:00Z');

export interface Setting {
  readonly databaseUrl: string;
  readonly busUrl: string;
  readonly smtpUrl: string;
  readonly overrides?: Readonly<Record<string, string>>;
}

/** One process's worth of the service; several may share the databases. */
export function startReplica(setting: Setting, clock: Clock): Promise<ServiceUnderTest> {
  const parsed = parseEnv(env, {
    ...TEST_ENV,
    DATABASE_URL: setting.databaseUrl,
    EVENT_BUS_DATABASE_URL: setting.busUrl,
    SMTP_URL: setting.smtpUrl,
    MIGRATE_ON_START: 'true',
    ...setting.overrides,
  });
  const packages = ['priolane.notifications.v1'];
  return startService({ name: 'notifications', packages, module: AppModule.forEnv(parsed), env: parsed, clock });
}

/** The notifications service over real gRPC, PostgreSQL and SMTP; the other four are what `neighbours` publishes. */
export interface NotificationsUnderTest {
  readonly setting: Setting;
  readonly neighbours: Neighbours;
  readonly clock: MutableClock;
  readonly services: ServiceUnderTest[];
  deliveries(caller: Partial<Caller>): ReturnType<typeof deliveryClient>;
  notices(caller: Partial<Caller> | null): ReturnType<typeof noticeClient>;
  preferences(caller: Partial<Caller>): ReturnType<typeof preferenceClient>;
  rows<R extends object>(sql: string, values?: unknown[]): Promise<R[]>;
  stop(): Promise<void>;
}

const deliveryClient = (service: ServiceUnderTest, caller: Partial<Caller>) =>
  service.client<DeliveryServiceClient>('priolane.notifications.v1.DeliveryService', caller);
const noticeClient = (service: ServiceUnderTest, caller: Partial<Caller> | null) =>
  service.client<NoticeServiceClient>('priolane.notifications.v1.NoticeService', caller);
const preferenceClient = (service: ServiceUnderTest, caller: Partial<Caller>) =>
  service.client<PreferenceServiceClient>('priolane.notifications.v1.PreferenceService', caller);

export interface Start {
  readonly desks: readonly string[];
  readonly smtpUrl: string;
  readonly replicas?: number;
  readonly overrides?: Readonly<Record<string, string>>;
}

export async function startNotifications({ desks, smtpUrl, replicas = 1, overrides }: Start): Promise<NotificationsUnderTest> {
  const [database, bus] = await Promise.all([createTestDatabase('notifications'), createTestDatabase('bus')]);
  const setting = { databaseUrl: database.url, busUrl: bus.url, smtpUrl, overrides };
  const clock = new MutableClock(MONDAY);
  const neighbours = new Neighbours(bus.url);
  const services: ServiceUnderTest[] = [];
  for (let i = 0; i < replicas; i += 1) services.push(await startReplica(setting, clock));
  const first = services[0]!;
  const rows = <R extends object>(sql: string, values: unknown[] = []): Promise<R[]> =>
    withClient(database.url, async (client) => (await client.query<R>(sql, values)).rows);
  for (const desk of desks) {
    await neighbours.applyDesk(deskFile(desk), MONDAY);
    const known = 'SELECT FROM desk_version WHERE desk_id = $1';
    await eventually(`the desk ${desk}`, async () => (await rows(known, [desk])).length > 0);
  }
  return {
    setting,
    neighbours,
    clock,
    services,
    deliveries: (caller) => deliveryClient(first, caller),
    notices: (caller) => noticeClient(first, caller),
    preferences: (caller) => preferenceClient(first, caller),
    rows,
    async stop() {
      await Promise.all(services.map((service) => service.close()));
      await neighbours.close();
      await Promise.all([database.drop(), bus.drop()]);
    },
  };
}

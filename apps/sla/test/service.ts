import type { CalendarServiceClient } from '#contracts/generated/priolane/sla/v1/calendar.js';
import type { ClockServiceClient } from '#contracts/generated/priolane/sla/v1/clock.js';
import type { PolicyServiceClient } from '#contracts/generated/priolane/sla/v1/policy.js';
import type { Caller } from '#kernel/caller.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { MutableClock } from '#testing/clock.js';
import { type ServiceUnderTest, startService, testEnv } from '#testing/grpc.js';
import { createTestDatabase } from '#testing/infrastructure/test-database.js';
import { deskFile, eventually, Neighbours } from '#testing/neighbours.js';
import { AppModule } from '../src/app.module.js';

/** Monday 18 May 2026, 09:00 in Berlin. */
export const MONDAY = new Date('2026-05-18T07:00:00Z');

/** Summer time in Berlin: `2026-05-18 09:00`. */
export function berlin(text: string): Date {
  return new Date(`${text.replace(' ', 'T')}+02:00`);
}

/** The SLA service over real gRPC and PostgreSQL; the other four are what `neighbours` publishes. */
export interface SlaUnderTest {
  readonly service: ServiceUnderTest;
  readonly neighbours: Neighbours;
  readonly clock: MutableClock;
  readonly databaseUrl: string;
  readonly busUrl: string;
  clocks(caller: Partial<Caller>): ReturnType<typeof clockClient>;
  policies(caller: Partial<Caller>): ReturnType<typeof policyClient>;
  calendars(caller: Partial<Caller>): ReturnType<typeof calendarClient>;
  /** Applies a version of a desk and waits until the service knows it. */
  applyDesk(document: DeskDocument, version: number): Promise<void>;
  /** One more process's worth of the service on the same databases. */
  startReplica(): Promise<ServiceUnderTest>;
  stop(): Promise<void>;
}

const clockClient = (service: ServiceUnderTest, caller: Partial<Caller> | null) =>
  service.client<ClockServiceClient, 'replayClocks'>('priolane.sla.v1.ClockService', caller);
const policyClient = (service: ServiceUnderTest, caller: Partial<Caller>) =>
  service.client<PolicyServiceClient, 'simulatePolicy'>('priolane.sla.v1.PolicyService', caller);
const calendarClient = (service: ServiceUnderTest, caller: Partial<Caller>) =>
  service.client<CalendarServiceClient>('priolane.sla.v1.CalendarService', caller);

/**
 * A desk on Mon–Fri 09–17 in Berlin: first response 8 h (warned 1 h before), next response 1 h, resolution 16 h; a ticket
 * that waits for the customer is solved after 72 h.
 */
export function officeDesk(parts: Partial<DeskDocument> = {}): DeskDocument {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
  const weekly = Object.fromEntries(days.map((day) => [day, [['09:00', '17:00'] as const]]));
  return {
    ...deskFile('fleet'),
    id: 'office',
    timeZone: 'Europe/Berlin',
    calendars: { office: { tz: 'Europe/Berlin', weekly } },
    sla: {
      pauseIn: ['pending'],
      onChange: 'carry_over',
      onReopen: 'resume',
      policies: [
        {
          id: 'all',
          calendar: 'office',
          targets: {
            firstResponse: { within: 'PT8H', warnBefore: ['PT1H'] },
            nextResponse: { within: 'PT1H' },
            resolution: { within: 'PT16H' },
          },
        },
      ],
    },
    ...parts,
  };
}

export async function startSla(desks: readonly DeskDocument[]): Promise<SlaUnderTest> {
  const [database, bus] = await Promise.all([createTestDatabase('sla'), createTestDatabase('bus')]);
  const clock = new MutableClock(MONDAY);
  const env = testEnv({
    DATABASE_URL: database.url,
    EVENT_BUS_DATABASE_URL: bus.url,
    MIGRATE_ON_START: 'true',
    // Closing is not what is tested: it may take as long as a busy machine needs.
    SHUTDOWN_GRACE_MS: '30000',
  });
  const neighbours = new Neighbours(bus.url);
  const start = (): Promise<ServiceUnderTest> =>
    startService({ name: 'sla', packages: ['priolane.sla.v1'], module: AppModule.forEnv(env), env, clock });
  const service = await start();
  const replicas: ServiceUnderTest[] = [];
  const under: SlaUnderTest = {
    service,
    neighbours,
    clock,
    databaseUrl: database.url,
    busUrl: bus.url,
    clocks: (caller) => clockClient(service, caller),
    policies: (caller) => policyClient(service, caller),
    calendars: (caller) => calendarClient(service, caller),
    async applyDesk(document, version) {
      await neighbours.applyDesk(document, clock.now(), version);
      const agent = policyClient(service, { deskId: document.id, roles: ['agent'] });
      await eventually(`version ${version} of ${document.id}`, async () => {
        const listed = await agent.listPolicies({}).catch(() => undefined);
        return listed?.lines.some((line) => line.version === version);
      });
    },
    async startReplica() {
      const replica = await start();
      replicas.push(replica);
      return replica;
    },
    async stop() {
      await Promise.all([service, ...replicas].map((running) => running.close()));
      await neighbours.close();
      await Promise.all([database.drop(), bus.drop()]);
    },
  };
  for (const desk of desks) await under.applyDesk(desk, 1);
  return under;
}

import { createTestDatabase } from '#testing/infrastructure/test-database.js';
import { MutableClock } from '#testing/clock.js';
import { type ServiceUnderTest, startService, testEnv } from '#testing/grpc.js';
import { deskFile, eventually, Neighbours } from '#testing/neighbours.js';
import type { QueueServiceClient } from '#contracts/generated/priolane/tickets/v1/queue.js';
import type { TicketServiceClient } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import type { Caller } from '#kernel/caller.js';
import { AppModule } from '../src/app.module.js';

/** The tickets service over real gRPC and PostgreSQL; the other four are what `neighbours` publishes. */
export interface TicketsUnderTest {
  readonly service: ServiceUnderTest;
  readonly neighbours: Neighbours;
  readonly clock: MutableClock;
  tickets(caller: Partial<Caller>): ReturnType<typeof ticketClient>;
  queue(caller: Partial<Caller>): ReturnType<typeof queueClient>;
  stop(): Promise<void>;
}

const ticketClient = (service: ServiceUnderTest, caller: Partial<Caller>) =>
  service.client<TicketServiceClient, 'watchEvents'>('priolane.tickets.v1.TicketService', caller);
const queueClient = (service: ServiceUnderTest, caller: Partial<Caller>) =>
  service.client<QueueServiceClient>('priolane.tickets.v1.QueueService', caller);

const ALL = { view: '', statusKinds: [], pageSize: 1, pageToken: '', externalReference: '' };

/** Monday 18 May 2026, 09:00 in Berlin. */
export const MONDAY = new Date('2026-05-18T07:00:00Z');

export async function startTickets(desks: readonly string[]): Promise<TicketsUnderTest> {
  const [database, bus] = await Promise.all([createTestDatabase('tickets'), createTestDatabase('bus')]);
  const clock = new MutableClock(MONDAY);
  const env = testEnv({ DATABASE_URL: database.url, EVENT_BUS_DATABASE_URL: bus.url, MIGRATE_ON_START: 'true' });
  const neighbours = new Neighbours(bus.url);
  const service = await startService({
    name: 'tickets',
    packages: ['priolane.tickets.v1'],
    module: AppModule.forEnv(env),
    env,
    clock,
  });
  for (const desk of desks) {
    await neighbours.applyDesk(deskFile(desk), MONDAY);
    const agent = ticketClient(service, { deskId: desk, roles: ['agent'] });
    await eventually(`the desk ${desk}`, () => agent.listTickets(ALL).then(() => true, () => false));
  }
  return {
    service,
    neighbours,
    clock,
    tickets: (caller) => ticketClient(service, caller),
    queue: (caller) => queueClient(service, caller),
    async stop() {
      await service.close();
      await neighbours.close();
      await Promise.all([database.drop(), bus.drop()]);
    },
  };
}

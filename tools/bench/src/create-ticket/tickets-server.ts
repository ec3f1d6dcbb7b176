// The tickets service as it is deployed, on free ports. Tokens are signed here, for there is no accounts service.
import { AppModule } from '../../../../apps/tickets/src/app.module.js';
import { Relay } from '#messaging/outbox/relay.js';
import { startService, testEnv } from '#testing/grpc.js';
import { deskFile, eventually, Neighbours } from '#testing/neighbours.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { newId } from '#kernel/ids.js';
import { SystemClock } from '#kernel/clock.js';

const env = testEnv({
  DATABASE_URL: process.env.DATABASE_URL ?? '',
  EVENT_BUS_DATABASE_URL: process.env.EVENT_BUS_DATABASE_URL ?? '',
  DATABASE_POOL_SIZE: '16',
  MIGRATE_ON_START: 'true',
  LOG_LEVEL: 'error',
});
const service = await startService({ name: 'tickets', packages: ['priolane.tickets.v1'], module: AppModule.forEnv(env), env });
const neighbours = new Neighbours(env.EVENT_BUS_DATABASE_URL!);
await neighbours.applyDesk(deskFile('webshop'), new SystemClock().now());
await neighbours.close();
const desks = service.app.get(DeskDirectory, { strict: false });
await eventually('the desk', () => desks.current('webshop').then(() => true, () => false));
// Publishing is measured by itself: here it is the write that counts.
if (process.env.RELAY === 'off') await service.app.get(Relay, { strict: false }).stop();
const caller = { deskId: 'webshop', accountId: newId(), name: 'Kim', email: 'kim@example.com', roles: ['customer' as const] };
const token = await service.tokens.tokenFor(caller, { lifetimeSeconds: 3600 });
process.send?.({ address: service.grpcAddress, token });

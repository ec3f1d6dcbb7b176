import { createServer } from 'node:net';
import { freePort } from '#testing/infrastructure/ports.js';
import { choosePorts } from './stack-ports.js';

const SERVICES = ['TICKETS', 'ACCOUNTS', 'SLA', 'BILLING', 'NOTIFICATIONS'];
const OTHERS = ['POSTGRES_PORT', 'KAFKA_PORT', 'MAILBOX_SMTP_PORT', 'MAILBOX_WEB_PORT', 'STRIPE_SANDBOX_PORT'];

/** All at free places, so that nothing else on this machine matters. */
async function everywhereFree(): Promise<Record<string, string>> {
  const variables = [...SERVICES.flatMap((service) => [`${service}_GRPC_PORT`, `${service}_HTTP_PORT`]), ...OTHERS];
  return Object.fromEntries(await Promise.all(variables.map(async (name) => [name, String(await freePort())])));
}

describe('the ports of a stack', () => {
  it('are moved by their variables', async () => {
    const environment = await everywhereFree();
    const ports = await choosePorts('fixed', environment);
    expect(ports.slaGrpc).toBe(Number(environment.SLA_GRPC_PORT));
    expect(ports.kafka).toBe(Number(environment.KAFKA_PORT));
  });

  it('are all different when free ones are asked for, and a variable still counts', async () => {
    const ports = await choosePorts('free', { POSTGRES_PORT: '54399' });
    expect(new Set(Object.values(ports)).size).toBe(15);
    expect(ports.postgres).toBe(54_399);
  });

  it('are refused with all faults at once: taken, twice the same, no port', async () => {
    const environment = await everywhereFree();
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(Number(environment.SLA_GRPC_PORT), '127.0.0.1', resolve);
    });
    const wrong = { ...environment, BILLING_HTTP_PORT: environment.TICKETS_HTTP_PORT, KAFKA_PORT: 'nine' };
    const error = await choosePorts('fixed', wrong).catch((fault: Error) => fault);
    server.close();
    expect(String(error)).toContain(
      `Port ${environment.SLA_GRPC_PORT}, for sla (gRPC), is in use by another program: stop that, or set SLA_GRPC_PORT to another port.`,
    );
    expect(String(error)).toContain('is wanted for tickets (HTTP) and for billing (HTTP): change BILLING_HTTP_PORT.');
    expect(String(error)).toContain('KAFKA_PORT=nine is no port.');
    expect(String(error)).toContain('`npm start -- --ports free` takes free ports instead.');
  });

  it('are not looked at where the part is given', async () => {
    const environment = await everywhereFree();
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(Number(environment.POSTGRES_PORT), '127.0.0.1', resolve);
    });
    const given = { ...environment, DATABASE_URL: `postgres://127.0.0.1:${environment.POSTGRES_PORT}/postgres` };
    expect((await choosePorts('fixed', given)).postgres).toBe(Number(environment.POSTGRES_PORT));
    server.close();
  });
});

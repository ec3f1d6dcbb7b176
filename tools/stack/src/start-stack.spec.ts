import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMissingDatabases } from '#testing/infrastructure/databases.js';
import { identify } from '#testing/infrastructure/process-identity.js';
import { isPortFree } from '#testing/infrastructure/ports.js';
import { until } from '#testing/infrastructure/readiness.js';
import { repositoryRoot } from '#testing/infrastructure/repository.js';
import { findStack, readStack, SERVICES, type ServiceName } from '#testing/infrastructure/stack-file.js';
import { startStack, type StackOptions } from './start-stack.js';

/** Stands in for a service: serves gRPC health and notes what it was told. The supervision is what is tested here. */
const SERVICE = `
  import { writeFileSync } from 'node:fs';
  import { Server, ServerCredentials } from '@grpc/grpc-js';
  import { HealthImplementation } from 'grpc-health-check';
  writeFileSync(new URL('environment.json', import.meta.url), JSON.stringify(process.env));
  const server = new Server();
  new HealthImplementation({ '': 'SERVING' }).addToServer(server);
  server.bindAsync(process.env.GRPC_URL, ServerCredentials.createInsecure(), () => undefined);
`;

const SANDBOX = `
  import { createServer } from 'node:http';
  import { writeFileSync } from 'node:fs';
  const [, , , port] = process.argv;
  writeFileSync(new URL('arguments.json', import.meta.url), JSON.stringify(process.argv.slice(2)));
  createServer().listen(Number(port), '127.0.0.1');
`;

describe('a stack', () => {
  let root: string;
  let options: StackOptions;
  let lines: string[];

  const source = (service: string) => join(root, 'programs/apps', service, 'src');
  const environmentOf = (service: ServiceName) =>
    JSON.parse(readFileSync(join(source(service), 'environment.json'), 'utf8')) as Record<string, string>;

  beforeEach(() => {
    // Inside the repository, where the programs find their packages.
    mkdirSync(join(repositoryRoot(), '.priolane'), { recursive: true });
    root = mkdtempSync(join(repositoryRoot(), '.priolane', 'stack-spec-'));
    for (const service of SERVICES) {
      mkdirSync(source(service), { recursive: true });
      writeFileSync(join(source(service), 'main.js'), SERVICE);
    }
    const sandbox = join(root, 'programs/tools/stripe-sandbox/src');
    mkdirSync(sandbox, { recursive: true });
    writeFileSync(join(sandbox, 'main.js'), SANDBOX);
    lines = [];
    options = {
      folder: join(root, 'data'),
      programs: join(root, 'programs'),
      ports: 'free',
      throwAway: true,
      environment: { PATH: process.env.PATH, EVENT_BUS: 'postgres', LOG_LEVEL: 'warn' },
      report: (line) => lines.push(line),
    };
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('brings up five services, says where they are, starts a killed one again, and stops them all', async () => {
    const folder = join(root, 'data');
    const seeded: string[] = [];
    const stack = await startStack({ ...options, seed: async ({ services }) => void seeded.push(services.tickets.grpc) });
    const { services } = stack.description;
    expect(seeded).toEqual([services.tickets.grpc]);
    expect(readStack(folder)).toEqual(stack.description);

    const accounts = environmentOf('accounts');
    expect(accounts).toMatchObject({
      GRPC_URL: services.accounts.grpc,
      DATABASE_URL: services.accounts.databaseUrl,
      EVENT_BUS: 'postgres',
      EVENT_BUS_DATABASE_URL: stack.description.eventBus.databaseUrl,
      TICKETS_GRPC_URL: services.tickets.grpc,
      NOTIFICATIONS_GRPC_URL: services.notifications.grpc,
      CLOCK_FILE: join(folder, 'clock.json'),
      MIGRATE_ON_START: 'true',
      NODE_ENV: 'development',
      LOG_LEVEL: 'warn',
      BOOTSTRAP_ADMIN_KEY: stack.description.bootstrapAdminKey,
    });
    expect(JSON.parse(readFileSync(accounts.CLOCK_FILE as string, 'utf8'))).toEqual({ offsetMs: 0 });
    expect(environmentOf('billing').STRIPE_API_BASE).toBe(stack.description.stripe.apiBase);
    expect(environmentOf('billing')).not.toHaveProperty('BOOTSTRAP_ADMIN_KEY');
    expect(environmentOf('notifications').SMTP_URL).toBe(stack.description.mailbox.smtpUrl);
    expect(JSON.parse(readFileSync(join(root, 'programs/tools/stripe-sandbox/src/arguments.json'), 'utf8'))).toContain(
      `${services.billing.http}/stripe/webhook`,
    );
    // The database is there: creating what is missing finds nothing to do, and nothing to complain of.
    await createMissingDatabases(services.sla.databaseUrl, ['priolane_sla', 'priolane_bus']);

    await expect(startStack(options)).rejects.toThrow(
      new RegExp(`^Priolane is already running here \\(process ${process.pid}\\):\\n  tickets +${services.tickets.grpc}\\n`),
    );

    const first = services.sla.pid;
    process.kill(first, 'SIGKILL');
    await until(async () => lines.some((line) => line.startsWith('sla is back')), AbortSignal.timeout(60_000));
    const second = findStack(folder)?.services.sla.pid as number;
    expect(second).not.toBe(first);
    expect(identify(second)).toBeDefined();

    const start = performance.now();
    await stack.stop();
    expect(performance.now() - start).toBeLessThan(10_000);
    for (const { pid, grpc } of Object.values(services)) {
      expect(identify(pid)).toBeUndefined();
      expect(await isPortFree(Number(grpc.split(':')[1]))).toBe(true);
    }
    expect(findStack(folder)).toBeUndefined();
    expect(existsSync(folder)).toBe(false);
    expect(() => readStack(folder)).toThrow('Start it with `npm start`');
  });

  it('leaves nothing when a service cannot start, and says why', async () => {
    writeFileSync(join(source('sla'), 'main.js'), `console.error('CALENDAR_FILE is missing'); process.exit(1);`);
    await expect(startStack(options)).rejects.toThrow(
      /^sla died at its start \(exit code 1\); see .*sla\.log\nCALENDAR_FILE is missing/,
    );
    expect(existsSync(join(root, 'data'))).toBe(false);
  });

  it('can be broken off while it starts', async () => {
    const breakOff = new AbortController();
    writeFileSync(join(source('sla'), 'main.js'), 'setInterval(() => {}, 1000);');
    const starting = startStack({ ...options, signal: breakOff.signal });
    await until(async () => lines.includes('tickets serves'), AbortSignal.timeout(60_000));
    const { pid } = JSON.parse(readFileSync(join(root, 'data/run/postgres.json'), 'utf8')) as { pid: number };
    breakOff.abort();
    await expect(starting).rejects.toThrow('The start was broken off');
    expect(identify(pid)).toBeUndefined();
  });
});

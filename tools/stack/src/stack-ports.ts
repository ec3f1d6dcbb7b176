import { freePort, isPortFree } from '#testing/infrastructure/ports.js';

/** Every port a stack listens on: what for, which variable moves it, and where it is by default. */
const PORTS = {
  ticketsGrpc: { purpose: 'tickets (gRPC)', variable: 'TICKETS_GRPC_PORT', port: 50_051 },
  accountsGrpc: { purpose: 'accounts (gRPC)', variable: 'ACCOUNTS_GRPC_PORT', port: 50_052 },
  slaGrpc: { purpose: 'sla (gRPC)', variable: 'SLA_GRPC_PORT', port: 50_053 },
  billingGrpc: { purpose: 'billing (gRPC)', variable: 'BILLING_GRPC_PORT', port: 50_054 },
  notificationsGrpc: { purpose: 'notifications (gRPC)', variable: 'NOTIFICATIONS_GRPC_PORT', port: 50_055 },
  ticketsHttp: { purpose: 'tickets (HTTP)', variable: 'TICKETS_HTTP_PORT', port: 8_081 },
  accountsHttp: { purpose: 'accounts (HTTP)', variable: 'ACCOUNTS_HTTP_PORT', port: 8_082 },
  slaHttp: { purpose: 'sla (HTTP)', variable: 'SLA_HTTP_PORT', port: 8_083 },
  billingHttp: { purpose: 'billing (HTTP)', variable: 'BILLING_HTTP_PORT', port: 8_084 },
  notificationsHttp: { purpose: 'notifications (HTTP)', variable: 'NOTIFICATIONS_HTTP_PORT', port: 8_085 },
  postgres: { purpose: 'PostgreSQL', variable: 'POSTGRES_PORT', port: 54_329 },
  kafka: { purpose: 'Kafka', variable: 'KAFKA_PORT', port: 29_092 },
  mailboxSmtp: { purpose: 'the mailbox (SMTP)', variable: 'MAILBOX_SMTP_PORT', port: 1_025 },
  mailboxWeb: { purpose: 'the mailbox (web page)', variable: 'MAILBOX_WEB_PORT', port: 1_080 },
  stripe: { purpose: 'the Stripe sandbox', variable: 'STRIPE_SANDBOX_PORT', port: 12_111 },
} as const;

type PortName = keyof typeof PORTS;
export type StackPorts = Readonly<Record<PortName, number>>;

/** Parts that are given from outside and therefore need no port here, by the variable that gives them. */
const GIVEN_BY: Partial<Record<PortName, string>> = {
  postgres: 'DATABASE_URL',
  kafka: 'KAFKA_BROKERS',
  mailboxSmtp: 'SMTP_URL',
  mailboxWeb: 'SMTP_URL',
  stripe: 'STRIPE_API_KEY',
};

export class PortsError extends Error {
  constructor(faults: readonly string[]) {
    super([...faults, '`npm start -- --ports free` takes free ports instead.'].join('\n'));
    this.name = 'PortsError';
  }
}

/** The ports to use: fixed ones are checked, and all that are wrong or taken are named at once. */
export async function choosePorts(mode: 'fixed' | 'free', environment: NodeJS.ProcessEnv): Promise<StackPorts> {
  const names = Object.keys(PORTS) as PortName[];
  const faults: string[] = [];
  const takenBy = new Map<number, string>();
  const chosen = await Promise.all(
    names.map(async (name): Promise<[PortName, number]> => {
      const { purpose, variable, port: usual } = PORTS[name];
      const asked = environment[variable];
      if (asked === undefined || asked === '') {
        if (mode === 'free') return [name, await freePort()];
      }
      const port = asked === undefined || asked === '' ? usual : Number(asked);
      if (!Number.isInteger(port) || port < 1 || port > 65_535) faults.push(`${variable}=${asked} is no port.`);
      else if (takenBy.has(port)) faults.push(`Port ${port} is wanted for ${takenBy.get(port)} and for ${purpose}: change ${variable}.`);
      else {
        takenBy.set(port, purpose);
        if (!isGiven(name, environment) && !(await isPortFree(port))) {
          faults.push(`Port ${port}, for ${purpose}, is in use by another program: stop that, or set ${variable} to another port.`);
        }
      }
      return [name, port];
    }),
  );
  if (faults.length > 0) throw new PortsError(faults);
  return Object.fromEntries(chosen) as Record<PortName, number>;
}

function isGiven(name: PortName, environment: NodeJS.ProcessEnv): boolean {
  const variable = GIVEN_BY[name];
  return variable !== undefined && (environment[variable] ?? '') !== '';
}

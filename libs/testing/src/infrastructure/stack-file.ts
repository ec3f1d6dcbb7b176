import { join } from 'node:path';
import { readJsonFile, writeJsonFile } from './json-file.js';
import { isAlive, type ProcessIdentity } from './process-identity.js';
import { repositoryRoot } from './repository.js';

export const SERVICES = ['tickets', 'accounts', 'sla', 'billing', 'notifications'] as const;
export type ServiceName = (typeof SERVICES)[number];

export interface ServiceDescription {
  /** host:port */
  readonly grpc: string;
  /** Base URL of `/healthz`, `/readyz`, `/metrics` and, for billing, `/stripe/webhook`. */
  readonly http: string;
  readonly databaseUrl: string;
  /** Changes when the service is started again. */
  readonly pid: number;
}

/** What stands behind a part that can come in several ways, and why. */
export interface Backing {
  readonly kind: string;
  readonly why: string;
}

/** What a running stack says about itself, in `stack.json`. It holds credentials of this machine's development data. */
export interface StackDescription {
  /** Of the process whose end is the end of the stack. */
  readonly owner: ProcessIdentity;
  readonly folder: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly services: Readonly<Record<ServiceName, ServiceDescription>>;
  readonly postgres: Backing;
  readonly eventBus: Backing & {
    readonly kind: 'kafka' | 'postgres';
    /** Empty when the bus is over PostgreSQL. */
    readonly brokers: readonly string[];
    readonly databaseUrl: string;
  };
  readonly mailbox: Backing & {
    readonly smtpUrl: string;
    /** Page and REST API of the development mailbox; null behind a given SMTP_URL. */
    readonly webUrl: string | null;
  };
  readonly stripe: Backing & { readonly apiBase: string; readonly apiKey: string; readonly webhookSecret: string };
  /** Holds `{"offsetMs": 0}`: what is added to the machine's time in every service. */
  readonly clockFile: string;
  readonly bootstrapAdminKey: string;
  readonly logFolder: string;
}

/** Where `npm start` keeps everything; PRIOLANE_FOLDER names another place. */
export function stackFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const given = environment.PRIOLANE_FOLDER;
  return given === undefined || given === '' ? join(repositoryRoot(), '.priolane') : given;
}

export const stackFile = (folder: string): string => join(folder, 'stack.json');

export function writeStack(stack: StackDescription): void {
  writeJsonFile(stackFile(stack.folder), stack);
}

/** The running stack, or undefined; a file whose owner was killed is none. */
export function findStack(folder = stackFolder()): StackDescription | undefined {
  const stack = readJsonFile<StackDescription>(stackFile(folder));
  return stack !== undefined && isAlive(stack.owner) ? stack : undefined;
}

/** For tools that need a running stack; says how to get one where there is none. */
export function readStack(folder = stackFolder()): StackDescription {
  const stack = findStack(folder);
  if (stack === undefined) throw new Error('Priolane is not running here. Start it with `npm start` and wait for "Priolane is ready".');
  return stack;
}

import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJsonFile, writeJsonFile } from './json-file.js';
import { identify, isAlive, type ProcessIdentity } from './process-identity.js';
import { infrastructureFile } from './repository.js';

/** Where a set of processes lives: `data/`, `log/` and `run/` (the registry of living children) are inside. */
export interface Place {
  readonly folder: string;
}

export const dataFolder = (place: Place, name: string): string => join(place.folder, 'data', name);
export const logFile = (place: Place, name: string): string => join(place.folder, 'log', `${name}.log`);
export const registryFolder = (place: Place): string => join(place.folder, 'run');

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  /** In place of this process's environment, not on top of it. */
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** How the program is asked to stop, ever more firmly; SIGTERM alone when not given. A SIGKILL is always the last. */
  readonly stopSignals?: readonly NodeJS.Signals[];
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly name: string;
  readonly identity: ProcessIdentity;
  readonly exited: Promise<Exit>;
  /** Asks, and kills after the grace. */
  stop(graceMs: number): Promise<void>;
}

/** What the registry says about a child. */
interface Registration extends ProcessIdentity {
  readonly name: string;
  readonly stopSignals: readonly NodeJS.Signals[];
}

/**
 * Starts a program in its own process group, so that a Ctrl-C reaches only the one who stops it in order. Output goes straight
 * to the log file: the program can outlive this process without a broken pipe.
 */
export async function startChild(place: Place, name: string, command: Command): Promise<Child> {
  mkdirSync(join(place.folder, 'log'), { recursive: true });
  const log = openSync(logFile(place, name), 'a');
  const child = spawn(command.command, command.args, {
    env: command.env ?? process.env,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', log, log],
    uid: command.uid,
    gid: command.gid,
  });
  closeSync(log);
  await spawned(child, name);
  const pid = child.pid as number;
  const stopSignals = command.stopSignals ?? ['SIGTERM'];
  const identity = identify(pid) ?? { pid, born: 'dead' };
  const registration = join(registryFolder(place), `${name}.json`);
  writeJsonFile(registration, { ...identity, name, stopSignals } satisfies Registration);
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      if (readJsonFile<Registration>(registration)?.born === identity.born) rmSync(registration, { force: true });
      resolve({ code, signal });
    });
  });
  child.unref();
  const stop = async (graceMs: number) => {
    // From here on its end is waited for, so it holds this process.
    child.ref();
    await stopProcess(identity, stopSignals, graceMs);
  };
  return { name, identity, exited, stop };
}

function spawned(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new Error(`${name} could not be started: ${error.message}`, { cause: error })));
  });
}

async function stopProcess(identity: ProcessIdentity, signals: readonly NodeJS.Signals[], graceMs: number): Promise<void> {
  let patience = graceMs;
  for (const signal of signals) {
    if (!isAlive(identity)) return;
    send(identity.pid, signal);
    if (await gone(identity, patience)) return;
    patience = FIRM_MS;
  }
  send(-identity.pid, 'SIGKILL');
  await gone(identity, FIRM_MS);
}

/** How long each request after the first is given. */
const FIRM_MS = 1_000;

async function gone(identity: ProcessIdentity, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (isAlive(identity)) {
    if (performance.now() >= deadline) return false;
    await sleep(25);
  }
  return true;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Stops what an earlier owner of the place left running; only processes that are still the ones it started. */
export async function stopLeftovers(place: Place, graceMs = 5_000): Promise<readonly string[]> {
  const folder = registryFolder(place);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const left = files
    .map((file) => readJsonFile<Registration>(join(folder, file)))
    .filter((registration) => registration !== undefined)
    .filter(isAlive);
  await Promise.all(left.map((child) => stopProcess(child, child.stopSignals, graceMs)));
  for (const file of files) rmSync(join(folder, file), { force: true });
  return left.map((child) => child.name);
}

/**
 * Starts the process that ends the place's children when their owner is gone, and removes the whole place if asked to.
 * It is not tied to this process: any process may start it for the owner.
 */
export function startKeeper(place: Place, options: { owner: number; removePlace: boolean }): ChildProcess {
  const args = [infrastructureFile('keeper.mjs'), String(options.owner), registryFolder(place)];
  if (options.removePlace) args.push(place.folder);
  const keeper = spawn(process.execPath, args, { detached: true, windowsHide: true, stdio: 'ignore' });
  keeper.unref();
  return keeper;
}

/** The end of a program's log, for the message that says it failed. */
export function logTail(place: Place, name: string, lines = 12): string {
  try {
    return readFileSync(logFile(place, name), 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

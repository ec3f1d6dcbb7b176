import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { acquireLock, LockHeldError } from '#testing/infrastructure/file-lock.js';
import { writeJsonFile } from '#testing/infrastructure/json-file.js';
import { stopLeftovers } from '#testing/infrastructure/processes.js';
import { findStack, SERVICES, stackFile, type StackDescription } from '#testing/infrastructure/stack-file.js';

/** Somebody runs a stack on the same folder. */
export class StackRunningError extends Error {
  constructor(pid: number, stack: StackDescription | undefined) {
    super(stack === undefined ? `Priolane is just starting or stopping here (process ${pid}).` : describe(pid, stack));
    this.name = 'StackRunningError';
  }
}

function describe(pid: number, stack: StackDescription): string {
  const addresses = SERVICES.map((service) => `  ${service.padEnd(14)}${stack.services[service].grpc}`);
  return [`Priolane is already running here (process ${pid}):`, ...addresses, `Stop it with Ctrl-C in its terminal, or with: kill ${pid}`].join('\n');
}

/** Everything a stack keeps in its folder but the cache and the lock. */
const KEPT = ['data', 'log', 'run', 'secrets.json', 'clock.json', 'stack.json'];

/**
 * Takes the folder for this process: one stack a folder. What a killed stack left running is stopped; with `fresh` its data go.
 * Returns the release.
 */
export async function takeFolder(folder: string, fresh: boolean, report: (line: string) => void): Promise<() => void> {
  const release = lock(folder);
  try {
    const left = await stopLeftovers({ folder });
    if (left.length > 0) report(`Stopped what an earlier run left behind: ${left.join(', ')}`);
    for (const name of fresh ? KEPT : ['stack.json']) rmSync(join(folder, name), { recursive: true, force: true });
    if (!existsSync(clockFile(folder))) writeJsonFile(clockFile(folder), { offsetMs: 0 });
    return release;
  } catch (error) {
    release();
    throw error;
  }
}

function lock(folder: string): () => void {
  try {
    return acquireLock(join(folder, 'lock'));
  } catch (error) {
    if (error instanceof LockHeldError) throw new StackRunningError(error.holder.pid, findStack(folder));
    throw error;
  }
}

export const clockFile = (folder: string): string => join(folder, 'clock.json');

export function forgetStack(folder: string): void {
  rmSync(stackFile(folder), { force: true });
}

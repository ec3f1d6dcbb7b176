import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isAlive, type ProcessIdentity } from './process-identity.js';

export class LockHeldError extends Error {
  constructor(
    readonly path: string,
    readonly holder: ProcessIdentity,
  ) {
    super(`${path} is held by process ${holder.pid}`);
    this.name = 'LockHeldError';
  }
}

/**
 * Takes the lock for the life of this process and returns its release. A lock whose holder is dead is taken over,
 * so nothing has to be cleaned by hand after a kill -9.
 */
export function acquireLock(path: string): () => void {
  mkdirSync(dirname(path), { recursive: true });
  const own = identify(process.pid);
  if (own === undefined) throw new Error('This process could not be identified; is `ps` installed?');
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, JSON.stringify(own));
  try {
    for (;;) {
      if (created(draft, path)) break;
      const holder = readHolder(path);
      if (holder !== undefined && isAlive(holder)) throw new LockHeldError(path, holder);
      if (holder !== undefined) removeStale(path, holder);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return () => {
    if (readHolder(path)?.born === own.born) rmSync(path, { force: true });
  };
}

/** Waits for the lock, does the work, releases. For short work that several processes may want to do at once. */
export async function withLock<T>(path: string, limitMs: number, work: () => Promise<T>): Promise<T> {
  const release = await patientLock(path, limitMs);
  try {
    return await work();
  } finally {
    release();
  }
}

async function patientLock(path: string, limitMs: number): Promise<() => void> {
  const start = performance.now();
  for (;;) {
    try {
      return acquireLock(path);
    } catch (error) {
      if (!(error instanceof LockHeldError) || performance.now() - start > limitMs) throw error;
    }
    await sleep(50);
  }
}

/** A hard link appears at once with its content: no reader ever sees a lock without a holder. */
function created(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/** Renamed before it is removed: of two processes that saw the same stale lock, one may meanwhile hold a new one. */
function removeStale(path: string, stale: ProcessIdentity): void {
  const aside = `${path}.${process.pid}-stale`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readHolder(aside)?.born !== stale.born) created(aside, path);
  rmSync(aside, { force: true });
}

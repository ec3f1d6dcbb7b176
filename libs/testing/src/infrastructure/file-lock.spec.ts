import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireLock, LockHeldError, withLock } from './file-lock.js';
import { identify } from './process-identity.js';

describe('a file lock', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lock-'));
    path = join(folder, 'lock');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is held by one at a time, names its holder, and is free after its release', () => {
    const release = acquireLock(path);
    expect(() => acquireLock(path)).toThrow(new LockHeldError(path, { pid: process.pid, born: '' }));
    release();
    expect(existsSync(path)).toBe(false);
    acquireLock(path)();
  });

  it('is taken over from a dead process', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const holder = identify(other.pid as number);
    writeFileSync(path, JSON.stringify(holder));
    expect(() => acquireLock(path)).toThrow(LockHeldError);
    const exit = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await exit;
    acquireLock(path)();
  });

  it('is taken over when the pid is used again by another process', () => {
    writeFileSync(path, JSON.stringify({ pid: process.pid, born: 'an earlier life' }));
    acquireLock(path)();
  });

  it('lets twenty workers through one after the other', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 1));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => withLock(path, 30_000, work)));
    expect(most).toBe(1);
  });
});

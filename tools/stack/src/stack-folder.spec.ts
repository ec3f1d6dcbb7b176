import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify, type ProcessIdentity } from '#testing/infrastructure/process-identity.js';
import { loadSecrets } from './secrets.js';
import { StackRunningError, takeFolder } from './stack-folder.js';

describe("a stack's folder", () => {
  let folder: string;
  const lines: string[] = [];
  const take = (fresh: boolean) => takeFolder(folder, fresh, (line) => lines.push(line));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stack-'));
    lines.length = 0;
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is for one stack at a time, also where that one is still starting', async () => {
    const release = await take(false);
    await expect(take(false)).rejects.toThrow(StackRunningError);
    await expect(take(true)).rejects.toThrow(`Priolane is just starting or stopping here (process ${process.pid}).`);
    release();
    (await take(false))();
  });

  it('keeps data, keys and clock until a fresh start', async () => {
    mkdirSync(join(folder, 'data', 'postgres'), { recursive: true });
    mkdirSync(join(folder, 'cache'), { recursive: true });
    const clock = join(folder, 'clock.json');
    (await take(false))();
    const keys = loadSecrets(folder);
    writeFileSync(clock, '{"offsetMs":3600000}');
    (await take(false))();
    expect(loadSecrets(folder)).toEqual(keys);
    expect(JSON.parse(readFileSync(clock, 'utf8'))).toEqual({ offsetMs: 3_600_000 });

    (await take(true))();
    expect(existsSync(join(folder, 'data'))).toBe(false);
    expect(existsSync(join(folder, 'cache'))).toBe(true);
    expect(loadSecrets(folder).bootstrapAdminKey).not.toBe(keys.bootstrapAdminKey);
    expect(JSON.parse(readFileSync(clock, 'utf8'))).toEqual({ offsetMs: 0 });
  });

  it('is cleared of what a killed stack left running', async () => {
    const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
    const identity = identify(left.pid as number) as ProcessIdentity;
    mkdirSync(join(folder, 'run'));
    writeFileSync(join(folder, 'run/kafka.json'), JSON.stringify({ ...identity, name: 'kafka', stopSignals: ['SIGTERM'] }));
    (await take(false))();
    expect(identify(identity.pid)).toBeUndefined();
    expect(lines).toEqual(['Stopped what an earlier run left behind: kafka']);
  });
});

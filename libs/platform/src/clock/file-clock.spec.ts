import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clockFor } from './clock.module.js';
import { FileClock } from './file-clock.js';

function offsetOf(clock: FileClock): number {
  return Math.round((clock.now().getTime() - Date.now()) / 1000);
}

describe('FileClock', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clock-'));
  const file = join(folder, 'clock.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('moves with the file, at the next look, and is the system’s time without one', () => {
    const clock = new FileClock(file);
    expect(offsetOf(clock)).toBe(0);
    writeFileSync(file, JSON.stringify({ offsetMs: 3_600_000 }));
    expect(offsetOf(clock)).toBe(3_600);
    writeFileSync(`${file}.new`, JSON.stringify({ offsetMs: -60_000 }));
    renameSync(`${file}.new`, file);
    expect(offsetOf(clock)).toBe(-60);
    rmSync(file);
    expect(offsetOf(clock)).toBe(0);
  });

  it('stays where it was while the file is being written', () => {
    writeFileSync(file, JSON.stringify({ offsetMs: 3_600_000 }));
    const clock = new FileClock(file);
    clock.now();
    writeFileSync(file, '{"offs');
    expect(offsetOf(clock)).toBe(3_600);
  });

  it('is never used in production', () => {
    expect(clockFor({ NODE_ENV: 'production', CLOCK_FILE: file })).not.toBeInstanceOf(FileClock);
    expect(clockFor({ NODE_ENV: 'development', CLOCK_FILE: file })).toBeInstanceOf(FileClock);
  });
});

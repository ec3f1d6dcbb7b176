// Names the folder of what this test run shares. It starts nothing: the first test that needs a server does.
// Plain JavaScript, because Jest loads it before its transforms.
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lives } from '../infrastructure/lives.mjs';

export default function setUp({ rootDir }) {
  const runs = join(rootDir, '.priolane', 'test');
  for (const run of existsSync(runs) ? readdirSync(runs) : []) {
    if (!lives(Number(run.split('-')[0]))) rmSync(join(runs, run), { recursive: true, force: true });
  }
  process.env.PRIOLANE_TEST_OWNER = String(process.pid);
  process.env.PRIOLANE_TEST_RUN = join(runs, `${process.pid}-${randomBytes(4).toString('hex')}`);
}
